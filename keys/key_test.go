package keys

import (
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"sync"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
)

func TestNewSecretKey(t *testing.T) {
	tests := []struct {
		name   string
		secret string
		algs   []Algorithm
		err    error
	}{
		{"one algorithm", "secret", []Algorithm{HS256}, nil},
		{"several", "secret", []Algorithm{HS256, HS384, HS512}, nil},
		{"none", "secret", nil, nil},
		{"empty", "", []Algorithm{HS256}, ErrEmpty},
		{"for RS256", "secret", []Algorithm{RS256}, ErrKeyMismatch},
		{"for EdDSA beside HS256", "secret", []Algorithm{HS256, EdDSA}, ErrKeyMismatch},
		{"for none", "secret", []Algorithm{"none"}, ErrKeyMismatch},
		{"for an unknown one", "secret", []Algorithm{"hs256"}, ErrKeyMismatch},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			key, err := NewSecretKey("id", []byte(test.secret), test.algs...)
			if !errors.Is(err, test.err) || (key == nil) != (err != nil) {
				t.Fatalf("got %v, %v", key, err)
			}
			if err != nil {
				return
			}
			if key.ID() != "id" || key.Kind() != KindSecret || key.Public() != nil || key.SecretBits() != 48 {
				t.Errorf("got %v", key)
			}
			if key.Algorithms() != NewAlgorithmSet(test.algs...) {
				t.Errorf("it may verify %s", key.Algorithms())
			}
		})
	}
}

// keysOfAllKinds are public keys, each with the algorithms that fit it.
func keysOfAllKinds() map[string]struct {
	public crypto.PublicKey
	fits   []Algorithm
} {
	return map[string]struct {
		public crypto.PublicKey
		fits   []Algorithm
	}{
		"RSA 2048": {&jwttest.RSAKey(2048).PublicKey, []Algorithm{RS256, RS384, RS512, PS256, PS384, PS512}},
		"P-256":    {&jwttest.ECKey(elliptic.P256()).PublicKey, []Algorithm{ES256}},
		"P-384":    {&jwttest.ECKey(elliptic.P384()).PublicKey, []Algorithm{ES384}},
		"P-521":    {&jwttest.ECKey(elliptic.P521()).PublicKey, []Algorithm{ES512}},
		"Ed25519":  {jwttest.Ed25519Key().Public(), []Algorithm{EdDSA, Ed25519}},
	}
}

func TestNewPublicKey(t *testing.T) {
	for name, test := range keysOfAllKinds() {
		if got := Fitting(test.public); !slices.Equal(got, test.fits) {
			t.Errorf("%s fits %v", name, got)
		}
		for _, a := range append(Algorithms(), "none", "") {
			key, err := NewPublicKey("id", test.public, a)
			if slices.Contains(test.fits, a) != (err == nil) {
				t.Fatalf("%s for %q: %v", name, a, err)
			}
			if err != nil {
				if !errors.Is(err, ErrKeyMismatch) || key != nil {
					t.Errorf("%s for %q: %v", name, a, err)
				}
				continue
			}
			if key.Kind() != a.Kind() || key.ID() != "id" || key.SecretBits() != 0 || key.Public() == nil {
				t.Errorf("%s for %s: %v", name, a, key)
			}
			for _, other := range append(Algorithms(), "none", "") {
				if key.Allows(other) != (other == a) {
					t.Errorf("%s for %s allows %q: %v", name, a, other, key.Allows(other))
				}
			}
			if key.VerifyMAC(HS256, "", nil) || key.VerifyMAC(a, "", nil) {
				t.Errorf("%s for %s verifies a MAC", name, a)
			}
		}
	}
}

func TestNewPublicKeyRefuses(t *testing.T) {
	good := &jwttest.RSAKey(2048).PublicKey
	small, err := rsa.GenerateKey(rand.Reader, 2047)
	must.Succeed(t, err)
	ec := jwttest.ECKey(elliptic.P256())
	point := func(x, y *big.Int) *ecdsa.PublicKey { return &ecdsa.PublicKey{Curve: elliptic.P256(), X: x, Y: y} }
	x25519, err := ecdh.X25519().GenerateKey(rand.Reader)
	must.Succeed(t, err)
	tests := []struct {
		name   string
		public crypto.PublicKey
		err    error
	}{
		{"nothing", nil, ErrUnsupportedKey},
		{"text", "key", ErrUnsupportedKey},
		{"bytes", []byte("key"), ErrUnsupportedKey},
		{"RSA by value", *good, ErrUnsupportedKey},
		{"RSA private", jwttest.RSAKey(2048), ErrUnsupportedKey},
		{"RSA of 2047 bits", &small.PublicKey, ErrWeakKey},
		{"RSA of 8193 bits", &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 8192), E: 65537}, ErrUnsupportedKey},
		{"RSA with exponent 1", &rsa.PublicKey{N: good.N, E: 1}, ErrUnsupportedKey},
		{"RSA with exponent 2", &rsa.PublicKey{N: good.N, E: 2}, ErrUnsupportedKey},
		{"RSA with an even exponent", &rsa.PublicKey{N: good.N, E: 65536}, ErrUnsupportedKey},
		{"RSA with a negative exponent", &rsa.PublicKey{N: good.N, E: -3}, ErrUnsupportedKey},
		{"EC not on the curve", point(ec.X, new(big.Int).Add(ec.Y, big.NewInt(1))), ErrUnsupportedKey},
		{"EC at the origin", point(new(big.Int), new(big.Int)), ErrUnsupportedKey},
		{"EC beyond the field", point(new(big.Int).Add(ec.X, elliptic.P256().Params().P), ec.Y), ErrUnsupportedKey},
		{"EC negative", point(ec.X, new(big.Int).Neg(ec.Y)), ErrUnsupportedKey},
		{"P-224", &ecdsa.PublicKey{Curve: elliptic.P224(), X: elliptic.P224().Params().Gx, Y: elliptic.P224().Params().Gy}, ErrUnsupportedKey},
		{"Ed25519 cut", ed25519.PublicKey(make([]byte, 31)), ErrUnsupportedKey},
		{"Ed25519 empty", ed25519.PublicKey(nil), ErrUnsupportedKey},
		{"Ed25519 private", jwttest.Ed25519Key(), ErrUnsupportedKey},
		{"X25519", x25519.PublicKey(), ErrUnsupportedKey},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			key, err := NewPublicKey("", test.public)
			if key != nil || !errors.Is(err, test.err) {
				t.Errorf("got %v, %v", key, err)
			}
			if Fitting(test.public) != nil {
				t.Error("something fits it")
			}
		})
	}
	if _, err := NewPublicKey("", &rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(1), 2047, 1), E: 3}, RS256); err != nil {
		t.Errorf("RSA of 2048 bits with exponent 3: %v", err)
	}
}

func TestVerifyMAC(t *testing.T) {
	const message = "header.payload"
	for _, a := range []Algorithm{HS256, HS384, HS512} {
		key, err := NewSecretKey("", []byte("secret"), a)
		must.Succeed(t, err)
		mac := macOf(a, "secret", message)
		long := append(slices.Clone(mac), 0)
		flipped := slices.Clone(mac)
		flipped[len(flipped)-1] ^= 1
		for name, test := range map[string]struct {
			message string
			mac     []byte
			want    bool
		}{
			"right": {message, mac, true}, "again": {message, mac, true}, "another message": {message + "x", mac, false}, "no message": {"", mac, false},
			"one bit": {message, flipped, false}, "cut": {message, mac[:len(mac)-1], false}, "half": {message, mac[:len(mac)/2], false}, "long": {message, long, false},
			"nothing": {message, nil, false}, "zeros": {message, make([]byte, len(mac)), false}, "another secret": {message, macOf(a, "other", message), false},
			"empty secret": {message, macOf(a, "", message), false}, "empty message, its MAC": {"", macOf(a, "secret", ""), true},
		} {
			if got := key.VerifyMAC(a, test.message, test.mac); got != test.want {
				t.Errorf("%s %s: %v", a, name, got)
			}
		}
		for _, other := range append(Algorithms(), "none", "") {
			if other != a && (key.VerifyMAC(other, message, mac) || other.Kind() == KindSecret && key.VerifyMAC(other, message, macOf(other, "secret", message))) {
				t.Errorf("a key for %s verifies %q", a, other)
			}
		}
	}
}

func macOf(a Algorithm, secret, message string) []byte {
	state := hmac.New(a.Hash().New, []byte(secret))
	state.Write([]byte(message))
	return state.Sum(nil)
}

// One key's states are used by many at once.
func TestVerifyMACAtOnce(t *testing.T) {
	key, err := NewSecretKey("", []byte("secret"), HS256, HS512)
	must.Succeed(t, err)
	var wait sync.WaitGroup
	for worker := range 8 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for i := range 500 {
				message := strings.Repeat("x", i+worker)
				for _, a := range []Algorithm{HS256, HS512} {
					if !key.VerifyMAC(a, message, macOf(a, "secret", message)) || key.VerifyMAC(a, message, macOf(a, "secret", message+"y")) {
						t.Errorf("%s of %d bytes", a, len(message))
					}
				}
			}
		}()
	}
	wait.Wait()
}

// A key keeps its own copy of the secret.
func TestSecretIsCopied(t *testing.T) {
	secret := []byte("secret")
	key, err := NewSecretKey("", secret, HS256)
	must.Succeed(t, err)
	clear(secret)
	if !key.VerifyMAC(HS256, "m", macOf(HS256, "secret", "m")) {
		t.Error("the key has changed with the caller's slice")
	}
}

func TestThumbprint(t *testing.T) {
	secret := func(id, secret string, algs ...Algorithm) *Key {
		key, err := NewSecretKey(id, []byte(secret), algs...)
		must.Succeed(t, err)
		return key
	}
	seen := map[[sha256.Size]byte]string{}
	for name, test := range keysOfAllKinds() {
		key, err := NewPublicKey("a", test.public, test.fits...)
		must.Succeed(t, err)
		if other, err := NewPublicKey("b", test.public); err != nil || other.Thumbprint() != key.Thumbprint() {
			t.Errorf("%s: the thumbprint depends on ID or algorithms", name)
		}
		if again, ok := seen[key.Thumbprint()]; ok {
			t.Errorf("%s and %s have the same thumbprint", name, again)
		}
		seen[key.Thumbprint()] = name
	}
	if secret("a", "x", HS256).Thumbprint() != secret("b", "x", HS512).Thumbprint() || secret("a", "x").Thumbprint() == secret("a", "y").Thumbprint() {
		t.Error("thumbprints of secrets")
	}
}

// Nothing that prints a key shows its material.
func TestKeyIsRedacted(t *testing.T) {
	const material = "correct horse battery staple"
	key, err := NewSecretKey("my-id", []byte(material), HS256)
	must.Succeed(t, err)
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%X"} {
		for _, value := range []any{
			key, struct{ K *Key }{key}, struct{ k *Key }{key}, []*Key{key}, NewSet(key), *NewSet(key), struct{ s *Set }{NewSet(key)},
		} {
			text := fmt.Sprintf(format, value)
			for _, trace := range []string{"horse", hex.EncodeToString([]byte("horse")), "104 111 114"} {
				if strings.Contains(strings.ToLower(text), trace) {
					t.Errorf("%s of %T shows it: %s", format, value, text)
				}
			}
		}
	}
	if got := key.String(); got != `oct kid="my-id"` || key.GoString() != `keys.Key(oct kid="my-id")` {
		t.Errorf("got %s", got)
	}
	if got := fmt.Sprintf("%s %v %x", NewSet(key, key), NewSet(key), (*Set)(nil)); got != `[oct kid="my-id" oct kid="my-id"] [oct kid="my-id"] []` {
		t.Errorf("sets print as %s", got)
	}
	public, err := NewPublicKey(strings.Repeat("i", 500), jwttest.Ed25519Key().Public(), EdDSA)
	must.Succeed(t, err)
	if got := public.String(); !strings.HasPrefix(got, "Ed25519 sha256:") || len(got) > 100 {
		t.Errorf("got %s", got)
	}
}
