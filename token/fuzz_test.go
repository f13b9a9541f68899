package token_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/keys"
	"apinto-jwt/test/corpus"
	"apinto-jwt/token"
)

// What is accepted is the one spelling of what it says.
func FuzzParse(f *testing.F) {
	for _, c := range corpus.Cases() {
		if c.Request == "" && len(c.Token) < 1024 {
			f.Add(c.Token)
		}
	}
	f.Fuzz(func(t *testing.T, raw string) {
		u, err := token.Parse(raw)
		if err != nil {
			if token.ReasonOf(err) == token.Internal || err.Error() == "" {
				t.Fatal(err)
			}
			return
		}
		respelled(t, raw, u.UntrustedHeader(), u.UntrustedPayload())
		c, err := token.ParseCompact(raw)
		if err != nil || c.UntrustedHeader() != u.UntrustedHeader() {
			t.Fatalf("accepted as JWT and not as JWS: %v", err)
		}
		iat, nbf, exp := u.UntrustedDates()
		for _, date := range []token.NumericDate{iat, nbf, exp} {
			if date.String() == "" || date.Time().IsZero() {
				t.Fatalf("a date that is none: %v", date)
			}
		}
	})
}

// respelled fails where header and payload, written again, are not the token's own bytes.
func respelled(t *testing.T, raw, header, payload string) {
	again := jwttest.Encode([]byte(header)) + "." + jwttest.Encode([]byte(payload)) + "."
	if !strings.HasPrefix(raw, again) || strings.Contains(raw[len(again):], ".") {
		t.Fatalf("%q is spelled again as %q", raw, again)
	}
	if !json.Valid([]byte(header)) || !json.Valid([]byte(payload)) {
		t.Fatalf("no JSON: %q %q", header, payload)
	}
}

// The whole way of a token, signed whatever it says: what is accepted is the one spelling of itself, and with any one
// byte changed, added or removed it is refused. (The signatures are of algorithms that have one form alone.)
func FuzzVerify(f *testing.F) {
	secretSet := keys.NewSet(secretKey(f, "", secret, keys.HS256))
	edSet := keys.NewSet(keyFor(f, keys.EdDSA, ""))
	for _, c := range corpus.Cases() {
		parts := strings.Split(c.Token, ".")
		if c.Request != "" || len(parts) != 3 || len(c.Token) > 1024 {
			continue
		}
		header, payload := decoded(parts[0]), decoded(parts[1])
		f.Add(header, payload, uint16(len(c.Token)/2), byte('A'), c.Class[0]&1 == 0)
	}
	f.Add([]byte(`{"alg":"EdDSA"}`), []byte(`{"sub":"alice"}`), uint16(3), byte('.'), true)
	f.Fuzz(func(t *testing.T, header, payload []byte, at uint16, letter byte, ed bool) {
		raw, set := jwttest.SignRaw(t, "HS256", secret, header, payload), secretSet
		if ed {
			raw, set = jwttest.SignRaw(t, "EdDSA", jwttest.Ed25519Key(), header, payload), edSet
		}
		v, err := accepted(raw, set)
		if err != nil {
			return
		}
		if v.Header() != string(header) || v.Payload() != string(payload) || v.Raw() != raw {
			t.Fatalf("%q %q became %q %q", header, payload, v.Header(), v.Payload())
		}
		respelled(t, raw, v.Header(), v.Payload())
		i := int(at) % len(raw)
		for _, changed := range []string{raw[:i] + string([]byte{letter}) + raw[i+1:], raw[:i] + string([]byte{letter}) + raw[i:], raw[:i] + raw[i+1:]} {
			if _, err := accepted(changed, set); err == nil && changed != raw {
				t.Fatalf("changed and accepted: %q", changed)
			}
		}
	})
}

// accepted returns a token that is verified and whose claims hold.
func accepted(raw string, set *keys.Set) (*token.Verified, error) {
	u, err := token.Parse(raw)
	if err != nil {
		return nil, err
	}
	v, err := u.Verify(set)
	if err != nil {
		return nil, err
	}
	return v, (&token.Expected{}).Check(v, clockNow)
}

func decoded(part string) []byte {
	c, err := token.ParseCompact("eyJhbGciOiIifQ." + part + ".") // {"alg":""}
	if err != nil {
		return []byte(part)
	}
	return []byte(c.UntrustedPayload())
}

// No path crashes, each gives the same name every time, and one with which ojg finds one thing finds that.
func FuzzPath(f *testing.F) {
	for _, seed := range [][2]string{
		{"$.sub", `{"sub":"alice"}`},
		{"$.a['b.c'][0]", `{"a":{"b.c":["alice"]}}`},
		{"$..name", `{"a":[{"name":1.0}],"name":"x"}`},
		{"a.#.b", `{"a":[{"b":1}]}`},
		{"$.a[?(@.k == 1)].n", `{"a":[{"k":1,"n":"x"},{"k":null}]}`},
		{"$['a','b']", `{"b":"x"}`},
		{"$.a[-1:0:-1]", `{"a":[1,"x"]}`},
		{"@", `{}`},
		{"roles[0]", `{"roles":["x"]}`},
		{`a\.b`, `{"a.b":"x"}`},
		{"$.*", `{"":null}`},
		{"$.a[?(@.b =~ /x/)]", `{"a":[{"b":"x"}]}`},
		{"$.a[?(length(@.b) > 1)]", `{"a":[{"b":"xx"}]}`},
	} {
		f.Add(seed[0], seed[1])
	}
	for _, seed := range pathSeeds {
		f.Add(seed[0], seed[1])
	}
	key := secretKey(f, "", secret, keys.HS256)
	f.Fuzz(func(t *testing.T, source, payload string) {
		path, err := token.ParsePath(source)
		if err != nil || len(source) > 200 {
			return
		}
		u, err := token.Parse(claimed(t, payload))
		if err != nil {
			return
		}
		v, err := u.VerifyWith(key)
		if err != nil {
			t.Fatal(err)
		}
		name, err := v.Name(path)
		if again, _ := v.Name(path); again != name || (err == nil) != (name != "") {
			t.Fatalf("%q, then %q, %v", name, again, err)
		}
		if want, ok := one(source, payload); ok && want != name {
			t.Fatalf("got %q, %v; ojg finds %q", name, err, want)
		}
	})
}

// one returns the value that ojg finds, if it is a string or nothing: a number keeps the text of the payload, which ojg forgets.
func one(source, payload string) (string, bool) {
	want, known := ojgFinds(source, payload)
	if _, err := strconv.ParseFloat(want, 64); err == nil {
		return "", false
	}
	return want, known
}

// duplicates reports whether any object of the text has a member twice.
func duplicates(text string) bool {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	type level struct {
		names map[string]bool // nil in a list
		value bool            // the next token is a member's value
	}
	var levels []level
	for {
		tok, err := decoder.Token()
		if err != nil {
			return false
		}
		top := len(levels) - 1
		switch tok {
		case json.Delim('}'), json.Delim(']'):
			levels = levels[:top]
			continue
		}
		if top >= 0 && levels[top].names != nil {
			if name, ok := tok.(string); ok && !levels[top].value {
				if levels[top].names[name] {
					return true
				}
				levels[top].names[name], levels[top].value = true, true
				continue
			}
			levels[top].value = false
		}
		switch tok {
		case json.Delim('{'):
			levels = append(levels, level{names: make(map[string]bool)})
		case json.Delim('['):
			levels = append(levels, level{})
		}
	}
}
