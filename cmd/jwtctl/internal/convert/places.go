package convert

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// places are where the source looks for a token.
type places struct {
	headers, queries, cookies []string
}

// entries returns the entry for each place: an application has one for each header and parameter. A cookie is looked at beside
// the first.
func (p places) entries(w *writer, field string, c config, users ...user) []entry {
	if len(p.cookies) > 0 {
		c.CookieName = p.cookies[0]
		for _, name := range p.cookies[1:] {
			w.leave(field, "the cookie %q is not looked at: a rule has one cookie", name)
		}
	}
	var list []entry
	for _, name := range p.headers {
		list = append(list, entry{Position: "header", TokenName: name, Config: c, Users: users})
		c.CookieName = ""
	}
	for _, name := range p.queries {
		list = append(list, entry{Position: "query", TokenName: name, Config: c, Users: users})
		c.CookieName = ""
	}
	if len(list) == 0 { // a cookie alone: a rule has a place beside it
		list = append(list, entry{Position: "header", TokenName: "Authorization", Config: c, Users: users})
		w.leave(field, "the header Authorization is looked at too: a rule has a place beside its cookie")
	}
	return list
}

// anyUser is every user whom a token names.
func anyUser(hide bool) user { return user{Pattern: pattern{"*"}, HideCredential: hide} }

// The algorithms of key pairs, for sources that leave the choice to the key set.
const keyPairAlgorithms = "RS256,RS384,RS512,PS256,PS384,PS512,ES256,ES384,ES512,EdDSA,Ed25519"

// secretAlgorithms are those of shared secrets.
const secretAlgorithms = "HS256,HS384,HS512"

// setKeys puts a key set into a rule: the text of a set. Its algorithms are those that its keys can have.
func (c *config) setKeys(w *writer, field, text string) {
	var set struct {
		Keys []struct {
			Type string `json:"kty"`
		} `json:"keys"`
	}
	if json.Unmarshal([]byte(text), &set) != nil || len(set.Keys) == 0 {
		w.leave(field, "is no JWK Set")
		return
	}
	c.JWKS = json.RawMessage(asCompact(text))
	secrets := 0
	for _, key := range set.Keys {
		if key.Type == "oct" {
			secrets++
		}
	}
	switch secrets {
	case 0:
		c.Algorithm = keyPairAlgorithms
	case len(set.Keys):
		c.Algorithm = secretAlgorithms
	default:
		c.Algorithm = secretAlgorithms + "," + keyPairAlgorithms
	}
}

// asCompact returns JSON without white space.
func asCompact(text string) []byte {
	var value any
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	_ = decoder.Decode(&value) // it was read before
	return asJSON(value)
}

// seconds reads a duration: a number of seconds, or "10s", "5m", "1h30m". False if it is none.
func seconds(text string) (int, bool) {
	if n, err := strconv.Atoi(text); err == nil {
		return n, true
	}
	d, err := time.ParseDuration(text)
	return int(d / time.Second), err == nil
}

// Bounds of a rule's fields, in seconds.
const (
	maxLeeway  = 300
	minRefresh = 5
	maxRefresh = 24 * 3600
)

// setLeeway sets the leeway, which a rule has up to five minutes.
func (c *config) setLeeway(w *writer, field string, n int) {
	if n > maxLeeway {
		w.leave(field, "is %d seconds; the leeway of a rule is %d at most, which is taken", n, maxLeeway)
		n = maxLeeway
	}
	c.Leeway = max(n, 0)
}

// setRefresh sets how often a key set is fetched, within the bounds of a rule.
func (c *config) setRefresh(w *writer, field string, n int) {
	if fitting := min(max(n, minRefresh), maxRefresh); fitting != n {
		w.leave(field, "is %d seconds; %d is taken, as a rule allows %d to %d", n, fitting, minRefresh, maxRefresh)
		n = fitting
	}
	c.JWKSRefresh = n
}

// require adds a claim that must have one of the values.
func (c *config) require(path string, values []string) {
	if len(values) == 0 {
		return
	}
	if c.RequiredClaims == nil {
		c.RequiredClaims = make(map[string]any)
	}
	c.RequiredClaims[path] = values
}

// issuer sets the issuer. Of several a rule takes one: each gets an entry of its own.
func (c config) issuers(list []string) []config {
	if len(list) == 0 {
		return []config{c}
	}
	var configs []config
	for _, iss := range slices.Compact(slices.Clone(list)) {
		c.Iss = iss
		configs = append(configs, c)
	}
	return configs
}

// istioPlaces reads the places of a rule of Istio, or of Higress, whose fields have other names. If there are none, they are those of
// Istio.
func istioPlaces(p node, w *writer, headers, prefix, params, cookies string) places {
	var where places
	for _, header := range p.objects(headers) {
		where.headers = append(where.headers, header.text("name"))
		leavePrefix(w, header.at(prefix), header.text(prefix))
	}
	where.queries, where.cookies = p.texts(params), p.texts(cookies)
	if len(where.headers)+len(where.queries)+len(where.cookies) == 0 {
		return places{headers: []string{"Authorization"}, queries: []string{"access_token"}}
	}
	return where
}

// leavePrefix notes a prefix other than "Bearer", which no rule takes off a header.
func leavePrefix(w *writer, field, prefix string) {
	if p := strings.TrimSpace(prefix); p != "" && !strings.EqualFold(p, "Bearer") {
		w.leave(field, "is %q: before a token in a header a rule takes Bearer alone, or nothing", p)
	}
}

// The reasons for which fields are left that several sources have.
const (
	whyFilter   = "belongs to routes: the filter has it, see docs/filter.md"
	whyRoutes   = "says which routes ask for tokens: put app or the filter on those routes"
	whyNoPlace  = "has no place in an application"
	whyNothing  = "nothing here does that"
	whyByItself = "the gateway does that by itself"
)

// toHeader says which field of the filter carries claims to headers.
func toHeader(claim, header string) string {
	return fmt.Sprintf(`is "claims_to_headers": {%q: %q} of the filter, see docs/filter.md`, claim, header)
}
