// Package issuing tests the token endpoints in the real gateway: issuing, refreshing, revoking and introspecting.
package issuing

import (
	"os"
	"testing"

	"apinto-jwt/test/e2e/rig"
)

func TestMain(m *testing.M) { os.Exit(rig.Main(m)) }
