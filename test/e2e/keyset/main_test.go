// Package keyset tests key sets in the real gateway: inline and fetched, rotated, shared, and over restarts.
package keyset

import (
	"os"
	"testing"

	"apinto-jwt/test/e2e/rig"
)

func TestMain(m *testing.M) { os.Exit(rig.Main(m)) }
