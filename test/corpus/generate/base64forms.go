package main

import (
	"encoding/base64"
	"strings"

	"apinto-jwt/test/corpus/forge"
)

// base64Variants: other spellings of the same bytes, in each of the three parts (RFC 7515 §2, RFC 4648 §3). None is
// signed again: if the header or the payload is spelled differently, a verifier that decodes and
// encodes again would take it; so each is also there with a signature over the other spelling.
func base64Variants(b *builder) {
	h, p := `{"alg":"HS256","typ":"JWT","x":"???>>>"}`, claims(`"sub":"alice","x":"???>>>~~~"`)
	good := strings.Split(b.hs(h, p), ".")
	for i, name := range []string{"header", "payload", "signature"} {
		spellings := respell(good[i])
		for _, kind := range sorted(spellings) {
			parts := append([]string(nil), good...)
			parts[i] = spellings[kind]
			b.add(name+", "+kind, mainRule, strings.Join(parts, "."), malformed)
			if i < 2 {
				input := parts[0] + "." + parts[1]
				b.add(name+", "+kind+", signed so", mainRule, input+"."+forge.Encode(forge.Sign("HS256", b.keys.Secret, input)), malformed)
			}
		}
	}
	b.accept("the letters - and _", mainRule, b.hs(h, p), "alice")
	for _, tail := range []string{" ", "\n", "\t", "\x00", "%20", "=", "é"} {
		b.add("behind the token: "+jsonText(tail), mainRule, strings.Join(good, ".")+"x"+tail, malformed)
	}
	b.add("percent-encoded dots", mainRule, strings.Join(good, "%2E"), malformed)
	b.add("full-width dots", mainRule, strings.Join(good, "．"), malformed)
	b.add("commas for dots", mainRule, strings.Join(good, ","), malformed)
	b.add("hex parts", mainRule, strings.Join(good, ".")[:8]+"zz!.00.00", malformed)
}

// respell returns the same bytes in other letters. The part must have "-" or "_" in it, or the alphabets say the same.
func respell(part string) map[string]string {
	content, err := base64.RawURLEncoding.DecodeString(part)
	must(err)
	padding := strings.Repeat("=", (4-len(part)%4)%4)
	half := len(part) / 2
	out := map[string]string{
		"CR": part[:half] + "\r" + part[half:], "LF": part[:half] + "\n" + part[half:], "CRLF behind": part + "\r\n", "LF in front": "\n" + part,
		"a blank": part[:half] + " " + part[half:], "a tab": part[:half] + "\t" + part[half:], "NUL behind": part + "\x00",
		"= alone": part + "=", "====": part + "====", "a letter more": part + "A", "a star": part[:half] + "*" + part[half:],
		"= in the middle": part[:half] + "=" + part[half:], "percent-encoded": "%" + "65" + part[1:], "é": part[:half] + "é" + part[half:],
	}
	if padding != "" {
		out["padded"] = part + padding
		out["unused bits set"] = strayBits(part)
	}
	if standard := base64.RawStdEncoding.EncodeToString(content); standard != part {
		out["standard alphabet"] = standard
	}
	if len(part)%4 == 3 { // four letters more keep the length's rest
		delete(out, "a letter more")
	}
	return out
}

// strayBits sets the lowest of the bits of the last letter that stand for nothing.
func strayBits(part string) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(letters, part[len(part)-1])
	return part[:len(part)-1] + letters[last+1:last+2]
}
