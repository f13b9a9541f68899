package token_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"apinto-jwt/jwttest/must"
	"apinto-jwt/token"
)

func TestPathName(t *testing.T) {
	text, err := os.ReadFile("testdata/names.json")
	must.Succeed(t, err)
	var tests []struct {
		Name, Path, Payload string
		Want                *string // Nil: no user.
	}
	must.Succeed(t, json.Unmarshal(text, &tests))
	for _, test := range tests {
		t.Run(test.Name, func(t *testing.T) {
			path, err := token.ParsePath(test.Path)
			must.Succeed(t, err)
			if path.IsZero() || path.String() != test.Path {
				t.Errorf("got %q", path)
			}
			v := verified(t, claimed(t, test.Payload))
			for range 20 { // the same every time
				got, err := v.Name(path)
				if test.Want == nil {
					wantReason(t, err, token.UserMissing, "payload."+test.Path)
				} else if err != nil || got != *test.Want {
					t.Errorf("got %q, %v, want %q", got, err, *test.Want)
				}
				if t.Failed() {
					return
				}
			}
		})
	}
}

func TestParsePathRefuses(t *testing.T) {
	for name, source := range map[string]string{
		"nothing": "", "unfinished bracket": "$.a[", "unfinished quote": "$['a", "bad filter": "$[?(", "empty name between dots": "a..b", "dot at the end": "a.",
		"dot at the start": ".a", "dot alone": ".", "dollar and rubbish": "$$$", "bracket without dollar": "a['b",
	} {
		t.Run(name, func(t *testing.T) {
			path, err := token.ParsePath(source)
			if !errors.Is(err, token.ErrPath) || !path.IsZero() {
				t.Errorf("got %v, %v", path, err)
			}
		})
	}
}

func TestPathMember(t *testing.T) {
	for source, want := range map[string]string{
		"sub": "sub", "$.sub": "sub", "$['a.b']": "a.b", "@.x": "x", "a.b": "", "$.a.b": "", "$.a[0]": "", "$..a": "", "a*": "", "$": "", "$['']": "\x00empty",
	} {
		path, err := token.ParsePath(source)
		must.Succeed(t, err)
		name, ok := path.Member()
		if want == "\x00empty" {
			want = ""
			ok = !ok
		}
		if ok != (want != "") || name != want {
			t.Errorf("%s: got %q, %v", source, name, ok)
		}
	}
}

func TestZeroPath(t *testing.T) {
	var path token.Path
	v := verified(t, claimed(t, `{"":"x","a":1}`))
	if _, ok := v.Find(path); ok || !path.IsZero() || path.String() != "" {
		t.Error("the zero path finds something")
	}
	if _, ok := path.Member(); ok {
		t.Error("the zero path names a member")
	}
}

// What a path of several finds is the value with its own text.
func TestFindKeepsText(t *testing.T) {
	for source, want := range map[string]string{
		"$..list": `[1, "a" ]`, "$..o": `{"x" : 1.0}`, "$..n": `1.50`, "$..s": `"a"`, "$..t": `true`, "$..z": `null`,
	} {
		path, err := token.ParsePath(source)
		must.Succeed(t, err)
		found, ok := verified(t, claimed(t, `{"a":{"list":[1, "a" ],"o":{"x" : 1.0},"n":1.50,"s":"\u0061","t":true,"z":null}}`)).Find(path)
		if got := strings.TrimSpace(found.Raw); !ok || got != want {
			t.Errorf("%s: got %s, %v", source, got, ok)
		}
	}
}
