package main

import (
	"encoding/json"
	"strings"

	"github.com/urfave/cli/v2"

	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// requiredClaims reads --required-claim as "required_claims" of a rule: a path has the values that are given for it. A path
// without a value must be there.
func requiredClaims(c *cli.Context) (rule.ClaimValues, error) {
	claims := make(rule.ClaimValues)
	for _, given := range repeatedValues(c, "required-claim") {
		path, value, hasValue := strings.Cut(given, "=")
		if _, err := token.ParsePath(path); err != nil {
			return nil, misuse("--required-claim: the path %s", err)
		}
		values := claims[path]
		if hasValue {
			text, err := json.Marshal(value)
			if err != nil {
				return nil, err
			}
			values = append(values, rule.ClaimValue(text))
		}
		claims[path] = values
	}
	return claims, nil
}
