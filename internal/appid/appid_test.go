package appid_test

import (
	"testing"

	"apinto-jwt/internal/appid"
)

func TestOf(t *testing.T) {
	for given, want := range map[string]string{
		"shop":          "shop@app",
		"Shop":          "shop@app",
		"shop@app":      "shop@app",
		"MixedCase@App": "mixedcase@app",
		"ÄRGER":         "ärger@app",
		"a|b/c d%":      "a|b/c d%@app",
	} {
		id := appid.Of(given)
		if id != want || !appid.Valid(id) {
			t.Errorf("the ID of %q is %q, want %q", given, id, want)
		}
		if name := want[:len(want)-len("@app")]; appid.Name(given) != name || appid.Name(id) != name {
			t.Errorf("the name of %q is %q, want %q", given, appid.Name(given), name)
		}
	}
}

func TestValid(t *testing.T) {
	for id, want := range map[string]bool{"shop@app": true, "shop": false, "@app": false, "shop@output": false, "a@b@app": false, "": false} {
		if appid.Valid(id) != want {
			t.Errorf("%q: %v, want %v", id, !want, want)
		}
	}
}
