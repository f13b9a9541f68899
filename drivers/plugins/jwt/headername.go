package jwt

import (
	"net/textproto"
	"strings"

	"apinto-jwt/internal/configjson"
	"apinto-jwt/internal/httptoken"
	"apinto-jwt/token"
)

// ownedHeader is a header of the forwarded request that the policy alone writes.
type ownedHeader struct {
	name   string     // in canonical form
	folded string     // see sameHeader
	path   token.Path // of the claim that it carries; zero: it carries the whole payload
	minted bool       // it carries the upstream's token instead
}

// own adds a header, whose name must be one that a claim may be written to.
func (u *upstream) own(field, name string, path token.Path, f *configjson.FieldErrors) {
	h := ownedHeader{name: textproto.CanonicalMIMEHeaderKey(name), folded: foldHeader(name), path: path}
	u.add(field, name, h, reserved(h.folded), f)
}

// ownToken adds the header of the upstream's token, whose name may be that of credentials.
func (u *upstream) ownToken(field, name string, f *configjson.FieldErrors) {
	h := ownedHeader{name: textproto.CanonicalMIMEHeaderKey(name), folded: foldHeader(name), minted: true}
	u.add(field, name, h, reserved(h.folded) && h.name != authorization, f)
}

// add adds a header.
func (u *upstream) add(field, name string, h ownedHeader, reserved bool, f *configjson.FieldErrors) {
	switch {
	case !headerToken(name):
		f.Add(field, "%q is not the name of a header (RFC 9110 §5.1)", name)
	case reserved:
		f.Add(field, "the header %q belongs to HTTP, to the gateway or to credentials: choose another, as X-User", name)
	case u.owns([]byte(name)):
		f.Add(field, "the header %q is there twice (names that differ in case, or in - and _, are one)", name)
	}
	*u = append(*u, h)
}

// headerToken reports whether a name is a token as RFC 9110 §5.6.2 has it, and no longer than anybody needs.
func headerToken(name string) bool {
	return len(name) <= 128 && httptoken.Valid(name)
}

// reservedHeaders are names, folded, that no claim may be written to: the framing of a message and its connection
// (RFC 9110 §7.6.1), its target, credentials, and what is known of the client.
var reservedHeaders = map[string]bool{
	"connection": true, "keep-alive": true, "te": true, "trailer": true, "transfer-encoding": true, "upgrade": true,
	"host": true, "expect": true, "date": true, "via": true, "max-forwards": true, "http2-settings": true,
	"authorization": true, "authorization-type": true, "www-authenticate": true, "cookie": true, "set-cookie": true,
	"forwarded": true, "x-real-ip": true, "origin": true, "referer": true, "user-agent": true, "range": true,
	"accept-encoding": true, "cache-control": true, "x-http-method-override": true, "x-original-url": true, "x-rewrite-url": true,
}

// reservedPrefixes begin more such names.
var reservedPrefixes = []string{"content-", "proxy-", "sec-", "access-control-", "x-forwarded-", "if-"}

// reserved reports whether a folded name is one that no claim may be written to.
func reserved(folded string) bool {
	for _, prefix := range reservedPrefixes {
		if strings.HasPrefix(folded, prefix) {
			return true
		}
	}
	return reservedHeaders[folded]
}

// foldHeader returns the form that sameHeader compares with: small letters and digits stay, everything else is a hyphen.
func foldHeader(name string) string {
	folded := []byte(name)
	for i, c := range folded {
		folded[i] = fold(c)
	}
	return string(folded)
}

// sameHeader reports whether a name may be taken for the folded one by any upstream: names are the same in any case
// (RFC 9110 §5.1); what becomes of them in CGI and its heirs knows neither "-" from "_" nor, in some, from "."; and a
// blank before the colon, which the host lets through, is dropped by many.
func sameHeader(name []byte, folded string) bool {
	for len(name) > 0 && (name[len(name)-1] == ' ' || name[len(name)-1] == '\t') {
		name = name[:len(name)-1]
	}
	if len(name) != len(folded) {
		return false
	}
	for i, c := range name {
		if fold(c) != folded[i] {
			return false
		}
	}
	return true
}

// fold maps a character of a header's name for sameHeader.
func fold(c byte) byte {
	switch {
	case c >= 'A' && c <= 'Z':
		return c | 0x20
	case alphanumeric(c):
		return c
	}
	return '-'
}

// alphanumeric reports whether c is an ASCII letter or digit.
func alphanumeric(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}
