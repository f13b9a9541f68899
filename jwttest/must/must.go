// Package must ends a test whose set-up has failed.
package must

import "testing"

// Succeed ends the test at an error.
func Succeed(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
