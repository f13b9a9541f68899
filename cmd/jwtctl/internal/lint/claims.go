package lint

import (
	"fmt"
	"slices"
	"strings"

	"apinto-jwt/token"
)

// lookAtClaims looks at what the rules demand of claims.
func lookAtClaims(in *Input, entries []*entry, r *reporter) {
	issuers := sharedSigners(entries)
	for _, e := range entries {
		expected := &e.rule.Expected
		switch {
		case e.config.ClaimsToVerify != nil && len(e.config.ClaimsToVerify) == 0:
			r.add(idTimesIgnored, e.at("config.claims_to_verify"), "is [], so that neither exp nor nbf is looked at")
		case expected.Exp != token.Require && expected.MaxLifetime == 0:
			r.add(idNoExpiry, e.at("config.claims_to_verify"), "does not have exp")
		}
		if e.rule.Keys.Remote != nil && e.config.Iss == "" {
			r.add(idAnyIssuer, e.at("config.iss"), "is empty")
		}
		if len(expected.Audience) > 0 || e.demandsReceiver() || in.filtersAudience() {
			continue
		}
		if e.rule.Keys.Remote != nil {
			r.add(idNoAudience, e.at("config.audience"), "is empty, and the keys are those of an issuer")
		} else if other := issuers.beside(e); other != nil {
			r.add(idNoAudience, e.at("config.audience"), fmt.Sprintf("is empty, and %s takes tokens of the same iss and key", other.name()))
		}
	}
}

// receivers are claims that say, beside "aud", whom a token is for.
var receivers = []string{"aud", "azp", "client_id", "appid", "cid", "scope", "scp"}

// demandsReceiver reports whether the rule demands a value of a claim that says whom the token is for.
func (e *entry) demandsReceiver() bool {
	return slices.ContainsFunc(e.rule.Expected.Claims, func(claim token.ExpectedClaim) bool {
		name, _ := claim.Path.Member()
		return len(claim.Values) > 0 && slices.Contains(receivers, name)
	})
}

// signers holds the entries by key and issuer.
type signers map[string][]*entry

// sharedSigners files the entries by what signs their tokens.
func sharedSigners(entries []*entry) signers {
	by := make(signers)
	for _, e := range entries {
		for _, signer := range e.signedBy() {
			by[signer] = append(by[signer], e)
		}
	}
	return by
}

// signedBy names each key, or source of keys, with the issuer.
func (e *entry) signedBy() []string {
	list := e.rule.Signers()
	for i := range list {
		list[i] += "\x00" + strings.TrimSpace(e.config.Iss)
	}
	return list
}

// beside returns an entry of another application whose tokens have the same key and issuer; nil if there is none. Secrets are
// not looked at: two applications that share one have a finding of their own.
func (s signers) beside(e *entry) *entry {
	if e.config.Secret != "" {
		return nil
	}
	for _, signer := range e.signedBy() {
		for _, other := range s[signer] {
			if other.app.ID != e.app.ID {
				return other
			}
		}
	}
	return nil
}
