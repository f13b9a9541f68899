package main

import (
	"strings"

	"apinto-jwt/test/corpus/forge"
)

// signatures: good tokens of which one part is another's.
func signatures(b *builder) {
	for _, alg := range forge.Algorithms {
		key := b.keys.Signer(alg)
		good := strings.Split(forge.Compact(alg, key, headerOf(alg), payload), ".")
		other := strings.Split(forge.Compact(alg, key, headerOf(alg), claims(`"sub":"42"`)), ".")
		b.add(alg+" payload of another token", ruleOf(alg), good[0]+"."+other[1]+"."+good[2], badSig)
		b.add(alg+" by another key", ruleOf(alg), forge.Compact(alg, b.keys.Other(alg), headerOf(alg), payload), badSig)
		reordered := forge.Encode([]byte(`{"typ":"JWT","alg":"` + alg + `"}`))
		b.add(alg+" header in another order", ruleOf(alg), reordered+"."+good[1]+"."+good[2], badSig)
		raw := forge.Sign(alg, key, good[0]+"."+good[1])
		places := map[string]int{"first": 0, "middle": len(raw) / 2, "last": len(raw) - 1}
		for _, place := range sorted(places) {
			flipped := append([]byte(nil), raw...)
			flipped[places[place]] ^= 1
			b.add(alg+" one bit of the "+place+" byte", ruleOf(alg), good[0]+"."+good[1]+"."+forge.Encode(flipped), badSig)
		}
	}
	wrongMACs(b)
}

// wrongMACs: contents of the MAC's place that pass if a verifier compares too little, or the wrong thing.
func wrongMACs(b *builder) {
	input := forge.Encode([]byte(header)) + "." + forge.Encode([]byte(payload))
	mac := forge.Sign("HS256", b.keys.Secret, input)
	wrong := map[string][]byte{
		"half": mac[:16], "one byte": mac[:1], "one byte less": mac[:31], "twice": append(mac[:32:32], mac...),
		"of the payload alone":    forge.Sign("HS256", b.keys.Secret, forge.Encode([]byte(payload))),
		"of the decoded text":     forge.Sign("HS256", b.keys.Secret, header+"."+payload),
		"of its MAC":              forge.Sign("HS256", b.keys.Secret, string(mac)),
		"hash without a key":      forge.Sum(forge.HashOf("HS256"), input),
		"hash of secret and text": forge.Sum(forge.HashOf("HS256"), b.keys.Secret+input),
	}
	for _, name := range sorted(wrong) {
		b.add("MAC, "+name, mainRule, compactOf("HS256", func(string) []byte { return wrong[name] }), badSig)
	}
}
