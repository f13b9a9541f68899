package keys

import (
	"crypto"
	_ "crypto/sha256" // SHA-256, for crypto.SHA256
	_ "crypto/sha512" // SHA-384 and SHA-512
	"fmt"
	"slices"
	"strings"
)

// Algorithm is the name of a JWS signature algorithm (RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2.2). Names are
// case-sensitive.
type Algorithm string

// The algorithms that can be configured. "none" (RFC 7518 §3.6) is not one of them.
const (
	HS256 Algorithm = "HS256"
	HS384 Algorithm = "HS384"
	HS512 Algorithm = "HS512"
	RS256 Algorithm = "RS256"
	RS384 Algorithm = "RS384"
	RS512 Algorithm = "RS512"
	ES256 Algorithm = "ES256"
	ES384 Algorithm = "ES384"
	ES512 Algorithm = "ES512"
	PS256 Algorithm = "PS256"
	PS384 Algorithm = "PS384"
	PS512 Algorithm = "PS512"
	EdDSA Algorithm = "EdDSA"
	// Ed25519 is the newer name of EdDSA with that curve (RFC 9864 §2.2). It is another algorithm to whoever compares names.
	Ed25519 Algorithm = "Ed25519"
)

// Kind is the kind of key that an algorithm needs, by its JWK name (RFC 7518 §6.1, RFC 8037 §2).
type Kind string

// The kinds of keys.
const (
	KindSecret Kind = "oct"
	KindRSA    Kind = "RSA"
	KindEC     Kind = "EC"
	KindOKP    Kind = "OKP"
)

// algorithmInfo holds the fixed properties of an algorithm.
type algorithmInfo struct {
	name  Algorithm
	kind  Kind
	hash  crypto.Hash
	curve string // of an EC key, by its JWK name
}

// algorithms is the one table of what is known, in the order in which it is shown to people.
var algorithms = [...]algorithmInfo{
	{name: HS256, kind: KindSecret, hash: crypto.SHA256},
	{name: HS384, kind: KindSecret, hash: crypto.SHA384},
	{name: HS512, kind: KindSecret, hash: crypto.SHA512},
	{name: RS256, kind: KindRSA, hash: crypto.SHA256},
	{name: RS384, kind: KindRSA, hash: crypto.SHA384},
	{name: RS512, kind: KindRSA, hash: crypto.SHA512},
	{name: ES256, kind: KindEC, hash: crypto.SHA256, curve: "P-256"},
	{name: ES384, kind: KindEC, hash: crypto.SHA384, curve: "P-384"},
	{name: ES512, kind: KindEC, hash: crypto.SHA512, curve: "P-521"},
	{name: PS256, kind: KindRSA, hash: crypto.SHA256},
	{name: PS384, kind: KindRSA, hash: crypto.SHA384},
	{name: PS512, kind: KindRSA, hash: crypto.SHA512},
	{name: EdDSA, kind: KindOKP},
	{name: Ed25519, kind: KindOKP},
}

// index returns the algorithm's place in the table, -1 for a name that is not in it.
func (a Algorithm) index() int {
	for i := range algorithms {
		if algorithms[i].name == a {
			return i
		}
	}
	return -1
}

// info returns the algorithm's row of the table, the zero row for a name that is not in it.
func (a Algorithm) info() algorithmInfo {
	if i := a.index(); i >= 0 {
		return algorithms[i]
	}
	return algorithmInfo{}
}

// Known reports whether the name is one of ours.
func (a Algorithm) Known() bool { return a.index() >= 0 }

// Kind returns the kind of key that the algorithm needs; empty for an unknown algorithm.
func (a Algorithm) Kind() Kind { return a.info().kind }

// Hash returns the algorithm's hash function; 0 for EdDSA and Ed25519, which hash by themselves, and for an unknown algorithm.
func (a Algorithm) Hash() crypto.Hash { return a.info().hash }

// Curve returns the JWK name of the curve that the algorithm is bound to (RFC 7518 §3.4); empty for all but ES*.
func (a Algorithm) Curve() string { return a.info().curve }

// Algorithms lists what can be configured.
func Algorithms() []Algorithm {
	names := make([]Algorithm, len(algorithms))
	for i := range algorithms {
		names[i] = algorithms[i].name
	}
	return names
}

// KeyPairAlgorithms lists those that sign with a private key and verify with its public one.
func KeyPairAlgorithms() []Algorithm {
	return slices.DeleteFunc(Algorithms(), func(a Algorithm) bool { return a.Kind() == KindSecret })
}

// ParseAlgorithm reads the exact name of an algorithm. The error lists what is allowed.
func ParseAlgorithm(name string) (Algorithm, error) {
	if a := Algorithm(name); a.Known() {
		return a, nil
	}
	return "", fmt.Errorf("%s is not one of %s", quoted(name), AlgorithmNames())
}

// quoted returns a name for an error text, unless it is so long that it may be a secret in the wrong field.
func quoted(name string) string {
	if len(name) > 8 {
		return "the value"
	}
	return fmt.Sprintf("%q", name)
}

// AlgorithmNames returns the list of names for error texts: "HS256, HS384, …".
func AlgorithmNames() string {
	names := make([]string, len(algorithms))
	for i := range algorithms {
		names[i] = string(algorithms[i].name)
	}
	return strings.Join(names, ", ")
}

// AlgorithmSet is a set of known algorithms. The zero value is empty.
type AlgorithmSet uint16

// NewAlgorithmSet makes a set; unknown names are left out.
func NewAlgorithmSet(algs ...Algorithm) AlgorithmSet {
	var s AlgorithmSet
	for _, a := range algs {
		if i := a.index(); i >= 0 {
			s |= 1 << i
		}
	}
	return s
}

// Has reports whether the algorithm is in the set.
func (s AlgorithmSet) Has(a Algorithm) bool {
	i := a.index()
	return i >= 0 && s&(1<<i) != 0
}

// List returns the set's members in the order of the table.
func (s AlgorithmSet) List() []Algorithm {
	var list []Algorithm
	for i := range algorithms {
		if s&(1<<i) != 0 {
			list = append(list, algorithms[i].name)
		}
	}
	return list
}

// String returns the set's members, joined by comma.
func (s AlgorithmSet) String() string {
	var b strings.Builder
	for i, a := range s.List() {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(a))
	}
	return b.String()
}

// clip shortens a foreign text that an error shows.
func clip(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
