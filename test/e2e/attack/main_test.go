// Package attack attacks the real gateway: hostile load, requests hidden in others, second tokens, and what its host makes of them.
package attack

import (
	"os"
	"testing"

	"apinto-jwt/test/e2e/rig"
)

func TestMain(m *testing.M) { os.Exit(rig.Main(m)) }
