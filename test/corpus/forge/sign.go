package forge

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rsa"
	_ "crypto/sha1" // for DigestInfo of a wrong hash
	_ "crypto/sha256"
	_ "crypto/sha512"
	"encoding/asn1"
	"math/big"
)

// Sign makes the signature of the input as the algorithm prescribes; the same one every time.
func Sign(alg string, key any, input string) []byte {
	switch k := key.(type) {
	case nil:
		return nil
	case string:
		return MAC(HashOf(alg), []byte(k), input)
	case []byte:
		return MAC(HashOf(alg), k, input)
	case ed25519.PrivateKey:
		return ed25519.Sign(k, []byte(input))
	case *ecdsa.PrivateKey:
		r, s := ECDSAPair(k, HashOf(alg), input)
		return Pair(r, s, Size(k))
	case *rsa.PrivateKey:
		if alg[:2] == "PS" {
			return RawRSA(k, PSS{Hash: HashOf(alg), MGF: HashOf(alg), Salt: HashOf(alg).Size()}.Encode(k, input))
		}
		return RawRSA(k, PKCS1(k, DigestInfo(HashOf(alg), Sum(HashOf(alg), input))))
	}
	panic("no such key")
}

// HashOf returns the hash that an algorithm's digits name.
func HashOf(alg string) crypto.Hash {
	switch alg[len(alg)-3:] {
	case "384":
		return crypto.SHA384
	case "512":
		return crypto.SHA512
	}
	return crypto.SHA256
}

// Sum returns the hash of the input.
func Sum(h crypto.Hash, input string) []byte {
	state := h.New()
	state.Write([]byte(input))
	return state.Sum(nil)
}

// MAC returns the HMAC of the input.
func MAC(h crypto.Hash, key []byte, input string) []byte {
	state := hmac.New(h.New, key)
	state.Write([]byte(input))
	return state.Sum(nil)
}

// Size returns the length of one number of an ECDSA signature (RFC 7518 §3.4).
func Size(key *ecdsa.PrivateKey) int { return (key.Curve.Params().BitSize + 7) / 8 }

// Pair writes two numbers at a fixed length.
func Pair(r, s *big.Int, size int) []byte {
	out := make([]byte, 2*size)
	r.FillBytes(out[:size])
	s.FillBytes(out[size:])
	return out
}

// ECDSADER signs by RFC 6979, without randomness, so that the corpus is the same every time.
func ECDSADER(key *ecdsa.PrivateKey, h crypto.Hash, input string) []byte {
	der, err := key.Sign(nil, Sum(h, input), h)
	must(err)
	return der
}

// ECDSAPair returns the numbers of the signature.
func ECDSAPair(key *ecdsa.PrivateKey, h crypto.Hash, input string) (r, s *big.Int) {
	var numbers struct{ R, S *big.Int }
	_, err := asn1.Unmarshal(ECDSADER(key, h, input), &numbers)
	must(err)
	return numbers.R, numbers.S
}

// Compact signs exactly these bytes.
func Compact(alg string, key any, header, payload string) string {
	input := Encode([]byte(header)) + "." + Encode([]byte(payload))
	return input + "." + Encode(Sign(alg, key, input))
}
