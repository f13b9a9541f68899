// Package docs holds the documentation to what it says: every block of commands in README.md and docs/*.md is run as it
// stands there, on the real gateway. A Chinese page (*.zh-CN.md) has the same blocks. It is a module of its own, so that the Markdown parser does
// not enter the gateway's.
//
// A page is run from its top, in a fresh copy of the sources, block by block, as its reader would: the blocks of a page
// share their variables and the directory. Ports that the page names (127.0.0.1:8099, "listen":8099, --port 6379)
// are replaced by free ones, so that several can run on one machine; nothing else is changed. A block fails if a command
// in it fails, or if an answer that curl gets has a status of 400 or more.
//
// What is to be known of a block stands before it, in an HTML comment that no reader sees:
//
//	<!-- not run: REASON -->            nothing of the block is run; the test lists it
//	<!-- not run, make test: REASON --> the lines that begin with this are left out
//	<!-- stays: TEXT -->                the block runs on to the end of the page, in a terminal of its own; it is ready
//	                                    when it has printed the text
//	<!-- output -->                     it is the output of the block before it, … standing for any text
//	<!-- fails: 1 -->                   its last command ends with this exit status
//	<!-- answers: 401 -->               its last requests are answered with these statuses, separated by blanks
//	<!-- after: README.md#run-it -->    anywhere on the page: it begins where this section of another page ends
//
// Indented blocks and those marked sh are commands. Blocks marked json are posted to the admin API: applications,
// routers, services, outputs, lists of plugins, and the config of an application's rule. Those marked mermaid are pictures. Any other
// block must say what it is, or the test fails.
package docs
