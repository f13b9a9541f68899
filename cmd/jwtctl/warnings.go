package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"apinto-jwt/keys"
	"apinto-jwt/token"
)

// longLife is the lifetime from which on a token is called long-lived: it cannot be taken back by letting it expire.
const longLife = 90 * 24 * time.Hour

// milliseconds is the number from which on a NumericDate is more likely milliseconds: as seconds, it is the year 5138.
const milliseconds = 1e11

// warnings are what does not make the token malformed but is rarely meant, or never accepted.
func (i *inspection) warnings() []string {
	var list []string
	warn := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	i.warnOfAlgorithm(warn)
	i.warnOfSignature(warn)
	i.warnOfKeys(warn)
	warnOfNames(i.header, []string{"alg", "typ", "kid", "crit"}, warn)
	warnOfNames(i.payload, []string{"iss", "sub", "aud", "exp", "nbf", "iat", "jti"}, warn)
	if i.payload.valid() {
		i.warnOfTimes(warn)
	}
	return list
}

// warner takes a warning.
type warner func(format string, args ...any)

// warnOfKeys looks for keys in the header (RFC 7515 §4.1.2 to §4.1.6): a token does not choose its key.
func (i *inspection) warnOfKeys(warn warner) {
	eachMember(i.header.encoded, func(name, _ string) {
		switch name {
		case "jwk", "jku", "x5c", "x5u":
			warn("the header brings a key of its own (%s); it is never looked at", name)
		}
	})
}

// warnOfAlgorithm looks at "alg".
func (i *inspection) warnOfAlgorithm(warn warner) {
	switch name := i.parameter("alg"); {
	case name == "" || keys.Algorithm(name).Known():
	case strings.EqualFold(strings.TrimSpace(name), "none"):
		warn("the algorithm is %q: the token claims to need no signature. No rule accepts it", name)
	case keys.Algorithm(strings.ToUpper(name)).Known() || strings.EqualFold(name, string(keys.EdDSA)):
		warn("the algorithm %q is written in the wrong case; names are case-sensitive", name)
	default:
		warn("the algorithm %q can be in no rule; known are %s", name, keys.AlgorithmNames())
	}
}

// signatureSizes are the lengths that signatures have (RFC 7518 §3, RFC 8037 §3.1); those of RSA depend on the key.
var signatureSizes = map[keys.Algorithm]int{
	keys.HS256: 32, keys.HS384: 48, keys.HS512: 64, keys.ES256: 64, keys.ES384: 96, keys.ES512: 132, keys.EdDSA: 64,
}

// warnOfSignature looks at the signature's form.
func (i *inspection) warnOfSignature(warn warner) {
	alg := keys.Algorithm(i.parameter("alg"))
	size := len(i.signature.text)
	want, fixed := signatureSizes[alg]
	switch {
	case i.parts != 3 || !alg.Known():
	case size == 0:
		warn("the signature is empty")
	case alg.Kind() == keys.KindEC && size != want && looksDER(i.signature.text):
		warn("the signature looks like ASN.1 DER; JWS wants the two numbers side by side, %d bytes (RFC 7518 §3.4)", want)
	case fixed && size != want:
		warn("the signature has %s, %s makes %d", count(size, "byte"), alg, want)
	case alg.Kind() == keys.KindRSA && size < keys.MinRSABits/8:
		warn("the signature has %s: the RSA key is shorter than %d bits, or it was cut", count(size, "byte"), keys.MinRSABits)
	}
}

// looksDER tells whether a signature is an ASN.1 SEQUENCE of just its length, as most libraries make for ECDSA.
func looksDER(signature string) bool {
	n := len(signature)
	return n > 3 && signature[0] == 0x30 &&
		(int(signature[1]) == n-2 || signature[1] == 0x81 && int(signature[2]) == n-3)
}

// warnOfNames looks for members that would be a registered one but for their case: they are not.
func warnOfNames(p part, registered []string, warn warner) {
	eachMember(p.encoded, func(name, _ string) {
		for _, known := range registered {
			if name != known && strings.EqualFold(name, known) {
				warn("%q is not %q: names are case-sensitive, nothing looks at it", name, known)
			}
		}
	})
}

// warnOfTimes looks at what "exp", "nbf" and "iat" mean together.
func (i *inspection) warnOfTimes(warn warner) {
	exp, nbf, iat := i.dates["exp"], i.dates["nbf"], i.dates["iat"]
	for _, name := range dateNames {
		if i.dates[name].Seconds() >= milliseconds {
			warn("%s looks like milliseconds; it is to be in seconds", name)
		}
	}
	begin := iat
	if !begin.IsSet() {
		begin = nbf
	}
	switch {
	case !gjson.Get(i.payload.text, "exp").Exists():
		warn("it has no exp: it never expires")
	case !exp.IsSet():
	case nbf.IsSet() && exp.Seconds() <= nbf.Seconds(), iat.IsSet() && exp.Seconds() <= iat.Seconds():
		warn("it ends before it begins: no rule that looks at its times accepts it")
	case !begin.IsSet() && exp.Seconds()-float64(i.now.Unix()) > longLife.Seconds():
		warn("it lives long: for another %s", span(exp.Time().Sub(i.now)))
	case begin.IsSet() && exp.Seconds()-begin.Seconds() > longLife.Seconds():
		warn("it lives long: %s", span(exp.Time().Sub(begin.Time())))
	}
	if iat.IsSet() && iat.Time().After(i.now) {
		warn("it says it was issued in the future")
	}
}

// dateNames are the time claims, in the order in which they are shown.
var dateNames = [...]string{"iat", "nbf", "exp"}

// datesOf reads the time claims of a payload, each by the parser's own rules; what it refuses is not set.
func datesOf(payload part) map[string]token.NumericDate {
	dates := make(map[string]token.NumericDate)
	eachMember(payload.encoded, func(name, member string) {
		if !slices.Contains(dateNames[:], name) {
			return
		}
		parsed, err := token.Parse(segment(soundHeader) + "." + segment(`{`+member+`}`) + ".")
		if err != nil {
			return
		}
		iat, nbf, exp := parsed.UntrustedDates()
		dates[name] = map[string]token.NumericDate{"iat": iat, "nbf": nbf, "exp": exp}[name]
	})
	return dates
}
