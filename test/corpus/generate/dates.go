package main

import (
	"strconv"

	"apinto-jwt/test/corpus"
)

// numericDates: "exp", "nbf" and "iat" (RFC 7519 §2, §4.1.4 to §4.1.6).
func numericDates(b *builder) {
	noDates(b)
	datesInForce(b)
	datesAtTheEdge(b)
	datesOfRules(b)
}

// noDates are values that are no point in time, or none that a float64 can tell from its neighbours.
func noDates(b *builder) {
	for _, value := range []string{
		`"4102444800"`, `""`, "null", "true", "false", "[]", "{}", "[4102444800]", "1e400", "-1e400", "1e19", "-1e19", "9223372036854775807",
		"9223372036854775808", "18446744073709551616", "9007199254740994", "-9007199254740994", "1e16", `"2099-12-31T00:00:00Z"`, `"never"`, `"NaN"`,
	} {
		for _, claim := range []string{"exp", "nbf", "iat"} {
			b.add(claim+" "+value, mainRule, b.hs(header, claims(`"sub":"alice","`+claim+`":`+value)), malformed)
		}
		b.add("exp "+value+", not looked at", "ignore-times", b.hs(header, claims(`"sub":"alice","exp":`+value)), malformed)
	}
	for _, value := range []string{"NaN", "Infinity", "-Infinity", "+1", "1.", ".5", "0123", "0x10", "1e", "1e+", "--1", "-", "1_000", "١", "4102444800L"} {
		b.add("exp "+value+", no JSON", mainRule, b.hs(header, claims(`"sub":"alice","exp":`+value)), malformed)
	}
}

// datesInForce are dates that are what they say.
func datesInForce(b *builder) {
	for _, value := range []string{
		"0", "-0", "-1", "1", "0.0", "1e-400", "-1e-400", "1e9", "1.5e9", "1700000000", "1700000000.999", "-9007199254740992", "1E+9", "17672255e2",
	} {
		b.add("exp "+value, mainRule, b.hs(header, claims(`"sub":"alice","exp":`+value)), expired)
		b.add("exp "+value+", required", "require-exp", b.hs(header, claims(`"sub":"alice","exp":`+value)), expired)
		b.accept("nbf "+value, mainRule, b.hs(header, claims(`"sub":"alice","nbf":`+value)), "alice")
		b.accept("exp "+value+", not looked at", "ignore-times", b.hs(header, claims(`"sub":"alice","exp":`+value)), "alice")
	}
	for _, value := range []string{"4102444800", "4102444800.0", "4102444800.5", "4.1024448e9", "4.1024448E+9", "41024448000e-1", "9007199254740992", "1e15"} {
		b.accept("exp "+value, mainRule, b.hs(header, claims(`"sub":"alice","exp":`+value)), "alice")
		b.accept("exp "+value+", required", "require-exp", b.hs(header, claims(`"sub":"alice","exp":`+value)), "alice")
		b.add("nbf "+value, mainRule, b.hs(header, claims(`"sub":"alice","nbf":`+value)), early)
		b.add("nbf "+value+", required", "require-nbf", b.hs(header, claims(`"sub":"alice","nbf":`+value)), early)
		b.add("iat "+value, mainRule, b.hs(header, claims(`"sub":"alice","iat":`+value)), early)
		b.accept("iat "+value+", not looked at", "ignore-times", b.hs(header, claims(`"sub":"alice","iat":`+value)), "alice")
		b.accept("nbf "+value+", not looked at", "ignore-times", b.hs(header, claims(`"sub":"alice","nbf":`+value)), "alice")
	}
	b.accept("none", mainRule, b.hs(header, claims(`"sub":"alice"`)), "alice")
	b.accept("all", mainRule, b.hs(header, claims(`"sub":"alice","iat":1700000000,"nbf":1700000000,"exp":4102444800`)), "alice")
	b.add("expired before it began", mainRule, b.hs(header, claims(`"sub":"alice","nbf":4102444800,"exp":1`)), expired)
}

// datesAtTheEdge turn at corpus.Now: "exp" is the first moment at which the token is refused, "nbf" the first at which
// it is accepted.
func datesAtTheEdge(b *builder) {
	now := corpus.Now.Unix()
	at := func(seconds int64, fraction string) string { return strconv.FormatInt(now+seconds, 10) + fraction }
	for _, value := range []string{at(-1, ""), at(-1, ".999"), at(0, ""), at(0, ".0")} {
		b.add("exp at "+value, mainRule, b.hs(header, claims(`"sub":"alice","exp":`+value)), expired)
		b.edge()
		b.accept("nbf at "+value, mainRule, b.hs(header, claims(`"sub":"alice","nbf":`+value)), "alice")
		b.edge()
		b.accept("iat at "+value, mainRule, b.hs(header, claims(`"sub":"alice","iat":`+value)), "alice")
		b.edge()
	}
	for _, value := range []string{at(0, ".001"), at(0, ".5"), at(1, ""), at(59, ".999")} {
		b.accept("exp at "+value, mainRule, b.hs(header, claims(`"sub":"alice","exp":`+value)), "alice")
		b.edge()
		b.add("nbf at "+value, mainRule, b.hs(header, claims(`"sub":"alice","nbf":`+value)), early)
		b.edge()
		b.add("iat at "+value, mainRule, b.hs(header, claims(`"sub":"alice","iat":`+value)), early)
		b.edge()
		b.accept("nbf at "+value+", leeway", "leeway", b.hs(header, claims(`"sub":"alice","nbf":`+value)), "alice")
		b.edge()
	}
	b.accept("exp 59 s ago, leeway 60", "leeway", b.hs(header, claims(`"sub":"alice","exp":`+at(-59, ""))), "alice")
	b.edge()
	b.add("exp 60 s ago, leeway 60", "leeway", b.hs(header, claims(`"sub":"alice","exp":`+at(-60, ""))), expired)
	b.edge()
	b.accept("iat in 60 s, leeway 60", "leeway", b.hs(header, claims(`"sub":"alice","iat":`+at(60, ""))), "alice")
	b.edge()
	b.add("iat in 61 s, leeway 60", "leeway", b.hs(header, claims(`"sub":"alice","iat":`+at(61, ""))), early)
	b.edge()
	b.add("nbf in 61 s, leeway 60", "leeway", b.hs(header, claims(`"sub":"alice","nbf":`+at(61, ""))), early)
	b.edge()
}

// datesOfRules returns what the rules' lists of claims demand.
func datesOfRules(b *builder) {
	b.add("exp required and missing", "require-exp", b.hs(header, claims(`"sub":"alice"`)), missing)
	b.add("nbf required and missing", "require-nbf", b.hs(header, claims(`"sub":"alice"`)), missing)
	b.add("both required, nbf missing", "require-both", b.hs(header, claims(`"sub":"alice","exp":4102444800`)), missing)
	b.add("both required, exp missing", "require-both", b.hs(header, claims(`"sub":"alice","nbf":1`)), missing)
	b.accept("both required and there", "require-both", b.hs(header, claims(`"sub":"alice","nbf":1,"exp":4102444800`)), "alice")
	b.accept("exp past where nbf is listed alone", "require-nbf", b.hs(header, claims(`"sub":"alice","nbf":1,"exp":1`)), "alice")
	b.add("exp null where required", "require-exp", b.hs(header, claims(`"sub":"alice","exp":null`)), malformed)
	b.add("exp in the header", "require-exp", b.hs(`{"alg":"HS256","typ":"JWT","exp":4102444800}`, claims(`"sub":"alice"`)), missing)
	b.accept("past and future, not looked at", "ignore-times", b.hs(header, claims(`"sub":"alice","exp":1,"nbf":4102444800`)), "alice")
}
