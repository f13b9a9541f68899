// Package filter tests the route filter in the real gateway.
package filter

import (
	"os"
	"testing"

	"apinto-jwt/test/e2e/rig"
)

func TestMain(m *testing.M) { os.Exit(rig.Main(m)) }
