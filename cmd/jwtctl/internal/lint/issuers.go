package lint

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tidwall/gjson"
)

// Answer is the answer of the address of a key set, which was asked once.
type Answer struct {
	Status  int
	Body    []byte
	Date    time.Time // Header "Date"; zero: none.
	Asked   time.Time // This machine's time when the answer came.
	Problem string    // Why there is no answer; empty: there is one.
}

// Addresses returns the addresses that key sets are fetched from, each once, with the certificate authorities in PEM that their
// entries name.
func Addresses(in *Input) map[string]string {
	list := make(map[string]string)
	for _, e := range readEntries(in, &reporter{}) {
		if c := e.rule.Keys.Remote; c != nil {
			list[c.URL] = c.CA
		}
	}
	return list
}

// discoveryPath ends the address of a discovery document (OpenID Connect Discovery 1.0 §4).
const discoveryPath = "/.well-known/openid-configuration"

// lookAtIssuers compares the entries with what the addresses of their key sets answered, or with the addresses themselves.
func lookAtIssuers(in *Input, entries []*entry, r *reporter) {
	for _, e := range entries {
		if e.rule.Keys.Remote == nil {
			continue
		}
		answer, asked := in.Issuers[e.rule.Keys.Remote.URL]
		switch {
		case !asked:
			e.lookAtAddress(r)
		case answer.Problem != "":
			r.add(idNoKeySet, e.at(e.addressField()), "cannot be asked from here: "+answer.Problem)
		case answer.Status != 200:
			r.add(idNoKeySet, e.at(e.addressField()), fmt.Sprintf("answers with status %d", answer.Status))
		default:
			e.lookAtDocument(answer.Body, r)
		}
	}
}

// addressField is the field that has the address of the key set.
func (e *entry) addressField() string {
	if e.config.JWKSURI == "" {
		return "config.rsa_public_key"
	}
	return "config.jwks_uri"
}

// lookAtAddress looks at the address of a discovery document, which begins with the issuer.
func (e *entry) lookAtAddress(r *reporter) {
	issuer, isDocument := strings.CutSuffix(e.rule.Keys.Remote.URL, discoveryPath)
	iss := e.config.Iss
	if !isDocument || iss == "" || strings.TrimSuffix(iss, "/") == strings.TrimSuffix(issuer, "/") {
		return
	}
	r.add(idAddressDiffers, e.at("config.iss"), fmt.Sprintf("is %q, and the address of the discovery document begins with %q", iss, issuer))
}

// lookAtDocument looks at what the address answered.
func (e *entry) lookAtDocument(body []byte, r *reporter) {
	document := gjson.ParseBytes(body)
	switch issuer := document.Get("issuer"); {
	case !gjson.ValidBytes(body) || !document.IsObject():
		r.add(idNoKeySet, e.at(e.addressField()), "answers with what is no JSON object")
	case document.Get("keys").IsArray():
	case issuer.Type != gjson.String || document.Get("jwks_uri").Type != gjson.String:
		r.add(idNoKeySet, e.at(e.addressField()), "answers with neither keys nor the issuer and jwks_uri of a discovery document")
	case e.config.Iss != "" && issuer.Str != e.config.Iss:
		r.add(idIssuerDiffers, e.at("config.iss"), fmt.Sprintf("is %q, and the discovery document's issuer is %q", e.config.Iss, issuer.Str))
	}
}

// addresses lists the asked addresses in order.
func (in *Input) addresses() []string {
	list := make([]string, 0, len(in.Issuers))
	for address := range in.Issuers {
		list = append(list, address)
	}
	slices.Sort(list)
	return list
}
