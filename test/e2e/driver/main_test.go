// Package driver tests the driver in the real gateway: rules and users, where tokens stand, and what comes of each request.
package driver

import (
	"os"
	"testing"

	"apinto-jwt/test/e2e/rig"
)

func TestMain(m *testing.M) { os.Exit(rig.Main(m)) }
