package main

import (
	"crypto"
	"math/big"
	"strings"

	"apinto-jwt/test/corpus/forge"
)

// rsaPadding: encodings that a strict verifier refuses (RFC 8017 §8.1.2, §8.2.2; RFC 7518 §3.3, §3.5).
func rsaPadding(b *builder) {
	pkcs1Defects(b)
	pssDefects(b)
	rsaNumbers(b, "RS256")
	rsaNumbers(b, "PS256")
}

func pkcs1Defects(b *builder) {
	key := b.keys.RSA
	defect := func(name string, encode func(digest string) []byte) {
		b.add("RS256 "+name, "rs256", compactOf("RS256", func(input string) []byte {
			return forge.RawRSA(key, encode(string(forge.Sum(crypto.SHA256, input))))
		}), badSig)
	}
	prefix := forge.DigestHeaders[crypto.SHA256]
	defect("without NULL", func(d string) []byte {
		return forge.PKCS1(key, "\x30\x2f\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x04\x20"+d)
	})
	defect("long form of a length", func(d string) []byte {
		return forge.PKCS1(key, "\x30\x81\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"+d)
	})
	defect("indefinite length", func(d string) []byte { return forge.PKCS1(key, "\x30\x80"+prefix[2:]+d+"\x00\x00") })
	defect("SHA-512's OID", func(d string) []byte { return forge.PKCS1(key, forge.DigestHeaders[crypto.SHA512][:18]+"\x20"+d) })
	defect("SHA-1", func(d string) []byte { return forge.PKCS1(key, forge.DigestHeaders[crypto.SHA1]+d[:20]) })
	defect("no DigestInfo", func(d string) []byte { return forge.PKCS1(key, d) })
	defect("garbage behind the hash", func(d string) []byte { // Bleichenbacher 2006
		return forge.Padded(key, 1, 0xff, 8, prefix+d+strings.Repeat("\xa5", key.Size()))
	})
	defect("no padding", func(d string) []byte {
		return forge.Padded(key, 1, 0xff, 0, prefix+d+strings.Repeat("\x00", key.Size()))
	})
	defect("block type 2", func(d string) []byte { return forge.Padded(key, 2, 0xff, key.Size()-3-len(prefix+d), prefix+d) })
	defect("block type 0", func(d string) []byte { return forge.Padded(key, 0, 0xff, key.Size()-3-len(prefix+d), prefix+d) })
	defect("padding of zeros", func(d string) []byte { return forge.Padded(key, 1, 0, key.Size()-3-len(prefix+d), prefix+d) })
	defect("one byte of padding altered", func(d string) []byte {
		out := forge.PKCS1(key, prefix+d)
		out[20] = 0xfe
		return out
	})
	b.add("RS256 signed as PS256", "rs256", forge.Compact("PS256", key, headerOf("RS256"), payload), badSig)
	b.add("PS256 signed as RS256", "ps256", forge.Compact("RS256", key, headerOf("PS256"), payload), badSig)
}

func pssDefects(b *builder) {
	for _, alg := range []string{"PS256", "PS384", "PS512"} {
		h := forge.HashOf(alg)
		most := b.keys.RSA.Size() - h.Size() - 2
		defects := map[string]forge.PSS{
			"no salt": {Hash: h, MGF: h}, "salt of 20 bytes": {Hash: h, MGF: h, Salt: 20},
			"salt one byte short": {Hash: h, MGF: h, Salt: h.Size() - 1}, "salt one byte long": {Hash: h, MGF: h, Salt: h.Size() + 1},
			"longest salt": {Hash: h, MGF: h, Salt: most}, "MGF1 with SHA-1": {Hash: h, MGF: crypto.SHA1, Salt: h.Size()},
			"trailer bd":       {Hash: h, MGF: h, Salt: h.Size(), Trailer: 0xbd},
			"separator 02":     {Hash: h, MGF: h, Salt: h.Size(), Separator: 0x02},
			"hash and its MGF": {Hash: crypto.SHA1, MGF: crypto.SHA1, Salt: h.Size()},
		}
		for _, name := range sorted(defects) {
			b.add(alg+" "+name, ruleOf(alg), compactOf(alg, func(input string) []byte {
				return forge.RawRSA(b.keys.RSA, defects[name].Encode(b.keys.RSA, input))
			}), badSig)
		}
	}
}

// rsaNumbers: signatures that are no number below the modulus, or not of its length.
func rsaNumbers(b *builder, alg string) {
	n := b.keys.RSA.N
	full := func(i *big.Int) []byte { return i.FillBytes(make([]byte, b.keys.RSA.Size())) }
	one := big.NewInt(1)
	fixed := map[string][]byte{
		"0": full(new(big.Int)), "1": full(one), "n-1": full(new(big.Int).Sub(n, one)), "n": full(n), "n+1": full(new(big.Int).Add(n, one)),
		"empty": nil, "one byte": {1},
	}
	for _, name := range sorted(fixed) {
		b.add(alg+" signature is "+name, ruleOf(alg), compactOf(alg, func(string) []byte { return fixed[name] }), badSig)
	}
	changes := map[string]func(raw []byte) []byte{
		"with a zero in front": func(raw []byte) []byte { return append([]byte{0}, raw...) },
		"with a zero behind":   func(raw []byte) []byte { return append(raw, 0) },
		"one byte less":        func(raw []byte) []byte { return raw[:len(raw)-1] },
		"not reduced":          func(raw []byte) []byte { return new(big.Int).Add(new(big.Int).SetBytes(raw), n).Bytes() },
	}
	for _, name := range sorted(changes) {
		b.add(alg+" "+name, ruleOf(alg), compactOf(alg, func(input string) []byte {
			return changes[name](forge.Sign(alg, b.keys.RSA, input))
		}), badSig)
	}
}
