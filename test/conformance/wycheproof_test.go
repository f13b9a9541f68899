package conformance

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"testing"

	"github.com/c2sp/wycheproof"

	"apinto-jwt/keys"
	"apinto-jwt/token"
)

// vectors is a file of Project Wycheproof's.
type vectors struct {
	TestGroups []struct {
		Comment string          `json:"comment"`
		Public  json.RawMessage `json:"public"`
		Private json.RawMessage `json:"private"` // for shared secrets, which have no public half
		Tests   []struct {
			ID      int             `json:"tcId"`
			Comment string          `json:"comment"`
			JWS     json.RawMessage `json:"jws"`
			Result  string          `json:"result"`
		} `json:"tests"`
	} `json:"testGroups"`
	NumberOfTests int `json:"numberOfTests"`
}

// labels are the vectors whose verdict we do not share, by file and number, with the verdict that we hold to be right
// and why. A vector that is listed and agreed with is a fault of this table.
var labels = map[string]map[int]disagreement{
	"json_web_signature_test.json": {
		367: {true, "wrong label: byte for byte the token of 357, which is valid"},
		370: {true, "wrong label: byte for byte the token of 357, which is valid"},
		372: {false, "wrong label: a character that is not base64url was inserted into the header behind the MAC's back (RFC 7515 §5.2, steps 2 and 8)"},
		373: {false, "wrong label: a character that is not base64url was inserted into the payload behind the MAC's back (RFC 7515 §5.2, steps 6 and 8)"},
		346: {false, "the key says PS256, the token PS384: a key with \"alg\" is for that algorithm alone (RFC 7517 §4.4, RFC 8725 §3.1)"},
		350: {false, "the key says PS256, the token PS384, as in 346"},
		347: {false, "the key's \"alg\" is ES521, which is no algorithm (RFC 7518 §3.1): the key is not for us (RFC 7517 §5)"},
		351: {false, "the key's \"alg\" is ES521, which is no algorithm, as in 347"},
	},
	"json_web_key_test.json": {
		1: {true, "a set with keys of several kinds: each key is bound to its own kind and algorithm, so they cannot be confused"},
		4: {true, "two keys with one \"kid\": RFC 7517 §4.5 allows it where one can tell them apart; both are tried"},
		7: {true, "an RSA modulus of the ROCA kind: the weakness is the issuer's key, whose replacement no verifier can bring about"},
	},
}

type disagreement struct {
	valid bool
	why   string
}

// Every verdict of Project Wycheproof's JSON Web Signature and JSON Web Key vectors, at the level of the verifying
// function: their payloads are no claims.
func TestWycheproof(t *testing.T) {
	for file, exceptions := range labels {
		t.Run(file, func(t *testing.T) {
			text, err := fs.ReadFile(wycheproof.TestVectors, file)
			if err != nil {
				t.Fatal(err)
			}
			var v vectors
			if err := json.Unmarshal(text, &v); err != nil {
				t.Fatal(err)
			}
			seen, accepted := 0, 0
			for _, group := range v.TestGroups {
				set := group.Public
				if set == nil {
					set = group.Private
				}
				for _, test := range group.Tests {
					seen++
					err := verify(set, compactOf(test.JWS))
					if err == nil {
						accepted++
					}
					name := fmt.Sprintf("%d %s, %s", test.ID, group.Comment, test.Comment)
					exception, listed := exceptions[test.ID]
					switch valid := test.Result == "valid"; {
					case test.Result != "valid" && test.Result != "invalid":
						t.Errorf("%s: unknown result %q", name, test.Result)
					case listed && exception.valid == valid:
						t.Errorf("%s: it is in the table, but for no reason", name)
					case listed && exception.valid != (err == nil):
						t.Errorf("%s: got %v, but the table says: %s", name, err, exception.why)
					case !listed && valid != (err == nil):
						t.Errorf("%s: got %v, want %s", name, err, test.Result)
					}
				}
			}
			if seen != v.NumberOfTests || seen == 0 {
				t.Errorf("%d vectors, want %d", seen, v.NumberOfTests)
			}
			t.Logf("%d vectors, %d accepted, %d labels not shared", seen, accepted, len(exceptions))
		})
	}
}

// compactOf returns a vector's token: a string, or an object that stands for itself.
func compactOf(jws json.RawMessage) string {
	var text string
	if json.Unmarshal(jws, &text) != nil {
		return string(jws)
	}
	return text
}

// verify checks a signature with a JWK or a JWK Set: with each key that has the token's ID.
func verify(set json.RawMessage, raw string) error {
	list, _, err := keys.ParseJWKS(public(set), keys.JWKSOptions{Allowed: keys.NewAlgorithmSet(keys.Algorithms()...)})
	if err != nil {
		return err
	}
	c, err := token.ParseCompact(raw)
	if err != nil {
		return err
	}
	candidates := list.Keys()
	if id, ok := c.UntrustedKeyID(); ok && len(candidates) > 1 {
		candidates = list.WithID(id)
	}
	err = fmt.Errorf("no key")
	for _, key := range candidates {
		if err = c.Verify(key); err == nil {
			return nil
		}
	}
	return err
}

// public leaves the private members of a set out if the vectors have none without them: those of sets that mix
// secrets and public keys.
func public(set json.RawMessage) json.RawMessage {
	var list struct {
		Keys []map[string]any `json:"keys"`
	}
	if json.Unmarshal(set, &list) != nil || len(list.Keys) == 0 {
		return set
	}
	for _, key := range list.Keys {
		if key["kty"] != "oct" {
			delete(key, "d")
		}
	}
	text, err := json.Marshal(list)
	if err != nil {
		return set
	}
	return text
}
