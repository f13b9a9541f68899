// Package interop puts the gateway between clients and servers from npm that nobody here wrote: the MCP SDK for TypeScript,
// the suite of MCP's conformance tests, an OpenID provider, two OAuth clients and a library that signs tokens. One server is of
// the MCP SDK for Go. Each file *.test.js is run by Node with a gateway of its own. It is a module of its own, so that "make
// test" needs no Node; "make interop" runs it.
package interop
