// Package rule compiles an application's demands on tokens. A Config, as the admin API takes it, is compiled into
// a Rule once. The Rule judges verified tokens: whether their claims hold, and whom they name.
//
// The package knows nothing of the host. The driver, the operator's tool and the tests compile with it alone.
package rule
