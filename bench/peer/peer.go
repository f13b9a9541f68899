// Package peer verifies tokens with other libraries, each as its documentation recommends for one key: the text of a
// token becomes claims whose signature, algorithm and expiry have been checked.
package peer

import "apinto-jwt/bench/token"

// Verify checks one token; an error is a refusal.
type Verify func(text string) error

// Peer is one library.
type Peer struct {
	Name string
	// New is the library's verifier for tokens signed with the key.
	New func(k token.Key) Verify
}

// All returns the peers, in the order of the tables.
func All() []Peer {
	return []Peer{
		{"golang-jwt v5", golangJWT},
		{"lestrrat jwx v3", jwx},
		{"go-jose v4", goJose},
		{"kataras/jwt", kataras},
	}
}
