// Package e2e runs the real gateway binary and holds what the whole product
// promises against it: real HTTP, configured through the gateway's admin API.
package e2e

import (
	"os"
	"testing"

	"apinto-jwt/test/e2e/rig"
)

func TestMain(m *testing.M) { os.Exit(rig.Main(m)) }
