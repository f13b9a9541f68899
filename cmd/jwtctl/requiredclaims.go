package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"apinto-jwt/token"
)

// requiredClaims reads --required-claim, as "required_claims" of a rule: the values that are given for one path are those
// that it may have, a path without a value must be there.
func requiredClaims(c *cli.Context) ([]token.ExpectedClaim, error) {
	var list []token.ExpectedClaim
	for _, given := range repeatedValues(c, "required-claim") {
		source, value, hasValue := strings.Cut(given, "=")
		at := slices.IndexFunc(list, func(e token.ExpectedClaim) bool { return e.Path.String() == source })
		if at < 0 {
			path, err := token.ParsePath(source)
			if err != nil {
				return nil, misuse("--required-claim: the path %s", err)
			}
			at = len(list)
			list = append(list, token.ExpectedClaim{Path: path})
		}
		if hasValue {
			list[at].Values = append(list[at].Values, token.TextValue(value))
		}
	}
	return list, nil
}
