package inspect

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"apinto-jwt/keys"
)

// longLife is the lifetime from which on a token is called long-lived: it cannot be taken back by letting it expire.
const longLife = 90 * 24 * time.Hour

// milliseconds is the number from which on a NumericDate is more likely milliseconds: as seconds, it is the year 5138.
const milliseconds = 1e11

// Warnings returns what does not make the token malformed but is rarely meant, or never accepted.
func (t *Token) Warnings() []string {
	var list []string
	warn := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	t.warnOfAlgorithm(warn)
	t.warnOfSignature(warn)
	t.warnOfKeys(warn)
	warnOfNames(t.Header, []string{"alg", "typ", "kid", "crit"}, warn)
	warnOfNames(t.Payload, []string{"iss", "sub", "aud", "exp", "nbf", "iat", "jti"}, warn)
	if t.Payload.Valid() {
		t.warnOfTimes(warn)
	}
	return list
}

// warner takes a warning.
type warner func(format string, args ...any)

// warnOfKeys looks for keys in the header (RFC 7515 §4.1.2 to §4.1.6): a token does not choose its key.
func (t *Token) warnOfKeys(warn warner) {
	eachMember(t.Header.Encoded, func(name, _ string) {
		switch name {
		case "jwk", "jku", "x5c", "x5u":
			warn("the header brings a key of its own (%s); it is never looked at", name)
		}
	})
}

// warnOfAlgorithm looks at "alg".
func (t *Token) warnOfAlgorithm(warn warner) {
	switch name := t.Parameter("alg"); {
	case name == "" || keys.Algorithm(name).Known():
	case strings.EqualFold(strings.TrimSpace(name), "none"):
		warn("the algorithm is %q: the token claims to need no signature. No rule accepts it", name)
	case slices.ContainsFunc(keys.Algorithms(), func(a keys.Algorithm) bool { return strings.EqualFold(name, string(a)) }):
		warn("the algorithm %q is written in the wrong case; names are case-sensitive", name)
	default:
		warn("the algorithm %q can be in no rule; known are %s", name, keys.AlgorithmNames())
	}
}

// signatureSizes are the lengths that signatures have (RFC 7518 §3, RFC 8037 §3.1); those of RSA depend on the key.
var signatureSizes = map[keys.Algorithm]int{
	keys.HS256: 32, keys.HS384: 48, keys.HS512: 64, keys.ES256: 64, keys.ES384: 96, keys.ES512: 132, keys.EdDSA: 64, keys.Ed25519: 64,
}

// warnOfSignature looks at the signature's form.
func (t *Token) warnOfSignature(warn warner) {
	alg := keys.Algorithm(t.Parameter("alg"))
	size := len(t.Signature.Text)
	want, fixed := signatureSizes[alg]
	switch {
	case t.parts != 3 || !alg.Known():
	case size == 0:
		warn("the signature is empty")
	case alg.Kind() == keys.KindEC && size != want && looksDER(t.Signature.Text):
		warn("the signature looks like ASN.1 DER; JWS wants the two numbers side by side, %d bytes (RFC 7518 §3.4)", want)
	case fixed && size != want:
		warn("the signature has %s, %s makes %d", Count(size, "byte"), alg, want)
	case alg.Kind() == keys.KindRSA && size < keys.MinRSABits/8:
		warn("the signature has %s: the RSA key is shorter than %d bits, or it was cut", Count(size, "byte"), keys.MinRSABits)
	}
}

// looksDER reports whether a signature is an ASN.1 SEQUENCE of just its length, as most libraries make for ECDSA.
func looksDER(signature string) bool {
	n := len(signature)
	return n > 3 && signature[0] == 0x30 &&
		(int(signature[1]) == n-2 || signature[1] == 0x81 && int(signature[2]) == n-3)
}

// warnOfNames looks for members that would be a registered one but for their case: they are not.
func warnOfNames(p Part, registered []string, warn warner) {
	eachMember(p.Encoded, func(name, _ string) {
		for _, known := range registered {
			if name != known && strings.EqualFold(name, known) {
				warn("%q is not %q: names are case-sensitive, nothing looks at it", name, known)
			}
		}
	})
}

// warnOfTimes looks at what "exp", "nbf" and "iat" mean together.
func (t *Token) warnOfTimes(warn warner) {
	exp, nbf, iat := t.Dates["exp"], t.Dates["nbf"], t.Dates["iat"]
	for _, name := range DateNames {
		if t.Dates[name].Seconds() >= milliseconds {
			warn("%s looks like milliseconds; it is to be in seconds", name)
		}
	}
	begin := iat
	if !begin.IsSet() {
		begin = nbf
	}
	switch {
	case !gjson.Get(t.Payload.Text, "exp").Exists():
		warn("it has no exp: it never expires")
	case !exp.IsSet():
	case nbf.IsSet() && exp.Seconds() <= nbf.Seconds(), iat.IsSet() && exp.Seconds() <= iat.Seconds():
		warn("it ends before it begins: no rule that looks at its times accepts it")
	case !begin.IsSet() && exp.Seconds()-float64(t.Now.Unix()) > longLife.Seconds():
		warn("it lives long: for another %s", span(exp.Time().Sub(t.Now)))
	case begin.IsSet() && exp.Seconds()-begin.Seconds() > longLife.Seconds():
		warn("it lives long: %s", span(exp.Time().Sub(begin.Time())))
	}
	if iat.IsSet() && iat.Time().After(t.Now) {
		warn("it says it was issued in the future")
	}
}
