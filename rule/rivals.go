package rule

import (
	"slices"
	"strings"

	"apinto-jwt/token"
)

// Overlaps reports whether one token could be accepted by both rules, as far as what they demand shows. Their keys are not
// compared: they are supposed to be the same.
func (r *Rule) Overlaps(other *Rule) bool {
	a, b := &r.Expected, &other.Expected
	return slices.ContainsFunc(r.Locations, func(l Location) bool { return slices.Contains(other.Locations, l) }) &&
		r.Keys.Algorithms&other.Keys.Algorithms != 0 &&
		(r.Issuer == "" || other.Issuer == "" || r.Issuer == other.Issuer) &&
		(a.Type == "" || b.Type == "" || token.SameType(a.Type, b.Type)) &&
		overlap(a.Audience, b.Audience) && !apart(a.Claims, b.Claims)
}

// overlap reports whether two lists, of which an empty one stands for all, have something in common.
func overlap(a, b []string) bool {
	return len(a) == 0 || len(b) == 0 || slices.ContainsFunc(a, func(name string) bool { return slices.Contains(b, name) })
}

// apart reports whether there is a claim of which both rules demand other values.
func apart(a, b []token.ExpectedClaim) bool {
	for _, one := range a {
		for _, other := range b {
			if one.Path.String() == other.Path.String() && len(one.Values) > 0 && len(other.Values) > 0 &&
				!slices.ContainsFunc(one.Values, func(v token.Value) bool { return slices.ContainsFunc(other.Values, v.Overlaps) }) {
				return true
			}
		}
	}
	return false
}

// Signers names what may have signed the rule's tokens: each key, or the source that keys are fetched from. They are equal for
// equal keys, whatever their IDs, and must not be shown.
func (r *Rule) Signers() []string {
	if c := r.Keys.Remote; c != nil {
		return []string{"url:" + strings.TrimSuffix(c.URL, "/")}
	}
	list := make([]string, 0, r.Keys.Set.Len())
	for _, key := range r.Keys.Set.Keys() {
		thumb := key.Thumbprint()
		if name := "key:" + string(thumb[:]); !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}
