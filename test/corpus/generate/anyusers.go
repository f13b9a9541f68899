package main

import (
	"strings"

	"apinto-jwt/rule"
	"apinto-jwt/test/corpus/forge"
)

// anyUsers: rules that take every user whom a token names. A listed user goes first, whatever becomes of him, and no name
// harms whoever shows it.
func anyUsers(b *builder) {
	named := func(value string) string { return b.hs(header, claims(`"sub":`+jsonText(value))) }
	long := strings.Repeat("é", rule.MaxSubject/2) + "x"
	for _, name := range []string{
		"alice", "bob", "Alice", "ALICE", "Carol", "carol", "Old", "old ", "*", "**", "张三", "😀", "null", "undefined", "0", "1e5", "alice,bob", "../alice", "a|b",
	} {
		b.accept("string "+jsonText(name), "any-user", named(name), name)
	}
	b.add("listed, and has ended", "any-user", named("old"), ended)
	for _, name := range []string{
		"a\nb", "a\r\nX: y", "nul\x00byte", "\x1b[2J", "tab\there", "del\x7f", "c1\u0085", "line\u2028end", "\u202eecila", "\u2066x\u2069", "\u200fx",
	} {
		b.add("string "+jsonText(name), "any-user", named(name), unknown)
	}
	b.accept("255 bytes", "any-user", named(long), long)
	b.add("256 bytes", "any-user", named(long+"y"), unknown)
	b.add("4,000 bytes", "any-user", named(strings.Repeat("a", 4000)), unknown)
	b.add("empty", "any-user", named(""), noUser)
	b.add("missing", "any-user", b.hs(header, claims(`"name":"bob"`)), noUser)
	b.add("another issuer's", "any-user", b.hs(header, `{"iss":"https://other.test","sub":"bob"}`), badIssuer)
	b.add("another secret's", "any-user", forge.Compact("HS256", b.keys.Other("HS256"), header, payload), badSig)
	b.add("expired", "any-user", b.hs(header, claims(`"sub":"bob","exp":1`)), expired)

	number := func(value string) string { return b.hs(header, claims(`"user":{"id":`+value+`}`)) }
	for _, value := range []string{"7", "-7", "0", "12345678901234567890", "1.5"} {
		b.accept("number "+value, "any-user-number", number(value), value)
	}
	b.accept("text of a number", "any-user-number", number(`"7.0"`), "7.0")
	for _, value := range []string{"7.0", "7e0", "70E-1", "-0", "1.50", "true", "false", "null", "[]", `["bob"]`, "{}", `{"name":"bob"}`, `""`} {
		b.add("number "+value, "any-user-number", number(value), noUser)
	}

	of := func(members string) string {
		return forge.Compact("RS256", b.keys.RSA, `{"alg":"RS256","typ":"JWT","kid":"rsa"}`, claims(members))
	}
	b.accept("key set without path", "any-user-key-set", of(`"sub":"bob"`), "bob")
	b.add("key set without path, listed, and has ended", "any-user-key-set", of(`"sub":"old"`), ended)
	b.add("key set without path, no sub", "any-user-key-set", of(`"name":"bob"`), noUser)
	b.accept("secret without path", "any-user-issuer", b.hs(header, claims(`"sub":"bob"`)), issuer)
}
