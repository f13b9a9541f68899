package main

import (
	"encoding/hex"
	"math/big"
	"slices"
	"strconv"

	"apinto-jwt/test/corpus/forge"
)

// ecAlgorithms are the algorithms of ECDSA.
var ecAlgorithms = []string{"ES256", "ES384", "ES512"}

// psychic: numbers that a verifier must not compute with (CVE-2022-21449), and the second form of a number if the
// curve's length has room for it.
func psychic(b *builder) {
	for _, alg := range ecAlgorithms {
		key := b.keys.EC[alg]
		n, p := key.Curve.Params().N, key.Curve.Params().P
		zero, one := new(big.Int), big.NewInt(1)
		last := new(big.Int).Sub(n, one)
		forged := map[string][2]*big.Int{
			"0, 0": {zero, zero}, "0, 1": {zero, one}, "1, 0": {one, zero}, "1, 1": {one, one}, "n, n": {n, n}, "0, n": {zero, n},
			"n, 0": {n, zero}, "n, 1": {n, one}, "1, n": {one, n}, "n-1, n-1": {last, last}, "p, p": {p, p},
		}
		for _, name := range sorted(forged) {
			b.add(alg+" "+name, ruleOf(alg), compactOf(alg, func(string) []byte {
				return forge.Pair(forged[name][0], forged[name][1], forge.Size(key))
			}), badSig)
		}
		ones := new(big.Int).Sub(new(big.Int).Lsh(one, uint(8*forge.Size(key))), one)
		b.add(alg+" all ones", ruleOf(alg), compactOf(alg, func(string) []byte { return forge.Pair(ones, ones, forge.Size(key)) }), badSig)
		b.real(alg, "r, 0", badSig, func(r, _ *big.Int) (*big.Int, *big.Int) { return r, zero })
		b.real(alg, "0, s", badSig, func(_, s *big.Int) (*big.Int, *big.Int) { return zero, s })
		b.real(alg, "r, r", badSig, func(r, _ *big.Int) (*big.Int, *big.Int) { return r, r })
		b.real(alg, "swapped", badSig, func(r, s *big.Int) (*big.Int, *big.Int) { return s, r })
	}
	n := b.keys.EC["ES512"].Curve.Params().N // 521 bits in 528: r+n and s+n fit
	b.real("ES512", "r+n, s", badSig, func(r, s *big.Int) (*big.Int, *big.Int) { return new(big.Int).Add(r, n), s })
	b.real("ES512", "r, s+n", badSig, func(r, s *big.Int) (*big.Int, *big.Int) { return r, new(big.Int).Add(s, n) })
	b.real("ES512", "r+n, s+n", badSig, func(r, s *big.Int) (*big.Int, *big.Int) {
		return new(big.Int).Add(r, n), new(big.Int).Add(s, n)
	})
}

// real notes a token whose good signature has been changed as numbers.
func (b *builder) real(alg, name, want string, change func(r, s *big.Int) (*big.Int, *big.Int)) {
	key := b.keys.EC[alg]
	b.add(alg+" "+name, ruleOf(alg), compactOf(alg, func(input string) []byte {
		r, s := change(forge.ECDSAPair(key, forge.HashOf(alg), input))
		return forge.Pair(r, s, forge.Size(key))
	}), want)
}

// compactOf returns a token with the usual header and payload and a signature made elsewhere.
func compactOf(alg string, sign func(input string) []byte) string {
	return withSignature(headerOf(alg), payload, sign)
}

// esEncoding: signatures that are right but for their form (RFC 7518 §3.4). The other valid form of a signature,
// (r, n−s), is one that the RFC allows.
func esEncoding(b *builder) {
	for _, alg := range ecAlgorithms {
		key := b.keys.EC[alg]
		reform := func(name string, change func(raw []byte) []byte) {
			b.add(alg+" "+name, ruleOf(alg), compactOf(alg, func(input string) []byte { return change(forge.Sign(alg, key, input)) }), badSig)
		}
		b.add(alg+" DER", ruleOf(alg), compactOf(alg, func(input string) []byte { return forge.ECDSADER(key, forge.HashOf(alg), input) }), badSig)
		reform("one byte less", func(raw []byte) []byte { return raw[:len(raw)-1] })
		reform("one byte more", func(raw []byte) []byte { return append(raw, 0) })
		reform("two zeros in front", func(raw []byte) []byte { return append([]byte{0, 0}, raw...) })
		reform("each number one zero longer", func(raw []byte) []byte {
			return slices.Concat([]byte{0}, raw[:len(raw)/2], []byte{0}, raw[len(raw)/2:])
		})
		reform("r alone", func(raw []byte) []byte { return raw[:len(raw)/2] })
		reform("twice", func(raw []byte) []byte { return append(raw, raw...) })
		reform("hex", func(raw []byte) []byte { return []byte(hex.EncodeToString(raw)) })
		reform("little endian", func(raw []byte) []byte {
			slices.Reverse(raw[:len(raw)/2])
			slices.Reverse(raw[len(raw)/2:])
			return raw
		})
		reform("empty", func([]byte) []byte { return nil })
		b.trimmed(alg)
		b.accept(alg+" r, n-s", ruleOf(alg), compactOf(alg, func(input string) []byte {
			r, s := forge.ECDSAPair(key, forge.HashOf(alg), input)
			return forge.Pair(r, s.Sub(key.Curve.Params().N, s), forge.Size(key))
		}), "alice")
	}
}

// trimmed looks for a signature whose r begins with a zero byte (for P-521: has no more than 512 bits), to be accepted
// whole and refused without it.
func (b *builder) trimmed(alg string) {
	key := b.keys.EC[alg]
	for i := 0; ; i++ {
		claims := `{"iss":"https://issuer.test","sub":"alice","jti":"` + strconv.Itoa(i) + `"}`
		input := forge.Encode([]byte(headerOf(alg))) + "." + forge.Encode([]byte(claims))
		r, s := forge.ECDSAPair(key, forge.HashOf(alg), input)
		if r.BitLen() > 8*(forge.Size(key)-1) || alg == "ES512" && r.BitLen() > 512 {
			continue
		}
		b.accept(alg+" r with a leading zero", ruleOf(alg), input+"."+forge.Encode(forge.Pair(r, s, forge.Size(key))), "alice")
		b.add(alg+" trimmed zeros", ruleOf(alg), input+"."+forge.Encode(append(r.Bytes(), s.FillBytes(make([]byte, forge.Size(key)))...)), badSig)
		return
	}
}

// wrongCurve: a signature of another curve's key, made to have the right length (RFC 7518 §3.4).
func wrongCurve(b *builder) {
	for _, alg := range ecAlgorithms {
		for _, other := range ecAlgorithms {
			if other == alg {
				continue
			}
			long, key := forge.Size(b.keys.EC[alg]), b.keys.EC[other]
			b.add(alg+" by the key of "+other+", its own length", ruleOf(alg),
				compactOf(alg, func(input string) []byte { return forge.Sign(alg, key, input) }), badSig)
			b.add(alg+" by the key of "+other+", made to fit", ruleOf(alg), compactOf(alg, func(input string) []byte {
				r, s := forge.ECDSAPair(key, forge.HashOf(alg), input)
				return forge.Pair(r.Mod(r, maxInt(long)), s.Mod(s, maxInt(long)), long)
			}), badSig)
			b.add(other+" at "+alg, ruleOf(alg), forge.Compact(other, key, headerOf(other), payload), badAlg)
		}
	}
}

// maxInt returns the first number that does not fit into so many bytes.
func maxInt(bytes int) *big.Int { return new(big.Int).Lsh(big.NewInt(1), uint(8*bytes)) }

// edDSA: forms of an Ed25519 signature that RFC 8032 §5.1.7 refuses.
func edDSA(b *builder) {
	change := func(name string, change func(raw []byte) []byte) {
		b.add(name, "eddsa", compactOf("EdDSA", func(input string) []byte { return change(forge.Sign("EdDSA", b.keys.Ed, input)) }), badSig)
	}
	order, _ := new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)
	change("s+L", func(raw []byte) []byte {
		s := slices.Clone(raw[32:])
		slices.Reverse(s)
		sum := new(big.Int).Add(new(big.Int).SetBytes(s), order).FillBytes(make([]byte, 32))
		slices.Reverse(sum)
		return append(raw[:32], sum...)
	})
	change("all zeros", func(raw []byte) []byte { return make([]byte, len(raw)) })
	change("identity and zero", func(raw []byte) []byte {
		out := make([]byte, len(raw))
		out[0] = 1
		return out
	})
	change("one byte less", func(raw []byte) []byte { return raw[:63] })
	change("one byte more", func(raw []byte) []byte { return append(raw, 0) })
	change("halves swapped", func(raw []byte) []byte { return append(slices.Clone(raw[32:]), raw[:32]...) })
	change("top bit of s", func(raw []byte) []byte { raw[63] |= 0x80; return raw })
	change("hex", func(raw []byte) []byte { return []byte(hex.EncodeToString(raw)) })
	b.add("by another key", "eddsa", forge.Compact("EdDSA", b.keys.OtherEd, headerOf("EdDSA"), payload), badSig)
	b.add("MAC of the raw public key", "eddsa", forge.Compact("HS256", string(forge.PKIX(b.keys.Ed)[12:]), header, payload), badAlg)
}
