package jwt

import "strings"

// foreignNames are what other products, and people, call something of ours, by our name for it. They are in the form of
// plainName.
var foreignNames = map[string]string{
	"alg": "algorithm", "algorithms": "algorithm", "algo": "algorithm", "signaturealgorithm": "algorithm",
	"issuer": "iss", "issuers": "iss", "allowediss": "iss", "keyclaimname": "iss",
	"aud": "audience", "audiences": "audience", "allowedaud": "audience",
	"key": "secret", "hmacsecret": "secret", "signingkey": "secret", "sharedsecret": "secret", "secretkey": "secret",
	"publickey": "rsa_public_key", "publickeys": "rsa_public_key", "pem": "rsa_public_key", "certificate": "rsa_public_key", "cert": "rsa_public_key",
	"ecpublickey":  "rsa_public_key",
	"base64secret": "signature_is_base_64", "secretisbase64": "signature_is_base_64", "base64": "signature_is_base_64",
	"exp": "claims_to_verify", "nbf": "claims_to_verify", "verifyclaims": "claims_to_verify", "verifyexp": "claims_to_verify",
	"sub": "path", "username": "path", "user": "path", "userclaim": "path", "usernameclaim": "path", "claimname": "path", "consumerclaim": "path",
	"principalclaim": "path", "userpath": "path", "jsonpath": "path",
	"requireclaims": "required_claims", "requiredclaim": "required_claims", "claims": "required_claims", "requiredscopes": "required_claims",
	"scopesrequired": "required_claims", "scopes": "required_claims", "scope": "required_claims",
	"jwksurl": "jwks_uri", "jwkuri": "jwks_uri", "jwkurl": "jwks_uri", "jwksendpoint": "jwks_uri", "remotejwks": "jwks_uri", "discovery": "jwks_uri",
	"discoveryurl": "jwks_uri", "wellknown": "jwks_uri", "issueruri": "jwks_uri", "localjwks": "jwks", "jwk": "jwks", "keyset": "jwks",
	"cacheduration": "jwks_refresh", "refreshinterval": "jwks_refresh", "jwksttl": "jwks_refresh",
	"clockskew": "leeway", "clockskewseconds": "leeway", "clocktolerance": "leeway", "skew": "leeway", "lifetimegraceperiod": "leeway", "graceperiod": "leeway",
	"maximumexpiration": "max_lifetime", "maxage": "max_lifetime", "maxttl": "max_lifetime",
	"typ": "token_type", "cookie": "cookie_name", "cookienames": "cookie_name", "fromcookies": "cookie_name",
	"outputclaims": "claims_to_labels", "privatekey": "issue.private_key",
}

// besideNames are what belongs beside "config", where it is found in it.
var besideNames = map[string]string{
	"position": "position, beside config", "tokenname": "token_name, beside config", "header": "position and token_name, beside config",
	"headername": "token_name, beside config", "headernames": "token_name, beside config", "query": "position and token_name, beside config",
	"uriparamnames": "position and token_name, beside config", "users": "users, beside config", "hidecredential": "hide_credential of each user",
	"hidecredentials": "hide_credential of each user",
}

// issueNames are what others call a field of "issue".
var issueNames = map[string]string{
	"ttl": "access_ttl", "expiresin": "access_ttl", "lifetime": "access_ttl", "exp": "access_ttl", "accesstokenttl": "access_ttl", "refreshtokenttl": "refresh_ttl",
	"key": "private_key", "signingkey": "private_key", "keyid": "kid", "aud": "audience", "audiences": "audience", "extraclaims": "claims",
}

// entryNames are what others call a field of an entry of "auth".
var entryNames = map[string]string{
	"pos": "position", "location": "position", "in": "position", "place": "position", "from": "position", "name": "token_name", "header": "token_name",
	"headername": "token_name", "param": "token_name", "driver": "type", "conf": "config", "rule": "config", "settings": "config", "user": "users",
	"hidecredential": "hide_credential of each user", "hidecredentials": "hide_credential of each user", "pattern": "pattern of each user",
	"labels": "labels of each user", "expire": "expire of each user",
}

// userNames are what others call a field of a user, and what belongs into its "pattern".
var userNames = map[string]string{
	"username": "pattern.username", "user": "pattern.username", "name": "pattern.username", "sub": "pattern.username", "password": "pattern.password",
	"exp": "expire", "expires": "expire", "expiresat": "expire", "expiration": "expire", "hide": "hide_credential", "tags": "labels", "metadata": "labels",
}

// patternNames are what others call a field of a user's "pattern".
var patternNames = map[string]string{"user": "username", "name": "username", "sub": "username", "pass": "password", "passwordhash": "password"}

// meantField is what somebody meant who wrote a name that is no field: the field of another spelling, or our name for what
// others call so. Empty: nobody knows.
func meantField(name string, fields []string, foreign ...map[string]string) string {
	plain := plainName(name)
	for _, field := range fields {
		if plainName(field) == plain {
			return field
		}
	}
	for _, names := range foreign {
		if field, ok := names[plain]; ok {
			return field
		}
	}
	return nearest(plain, fields)
}

// meant says in words which of the allowed values somebody may have meant; empty: nobody knows.
func meant(value string, allowed []string) string {
	if near := meantField(value, allowed); near != "" {
		return "; did you mean " + near
	}
	return ""
}

// nearest is the one of the names that differs least from what was written: by one letter, or by two of a long name. Empty:
// none is near.
func nearest(plain string, names []string) string {
	best, found := 3, ""
	for _, name := range names {
		most := 1
		if min(len(plain), len(name)) > 5 {
			most = 2
		}
		if d := distance(plain, plainName(name)); d <= most && d < best && len(plain) > 2 {
			best, found = d, name
		}
	}
	return found
}

// plainName is a name without what people write it with: case, blanks, dashes, underscores.
func plainName(name string) string {
	return strings.NewReplacer("_", "", "-", "", " ", "", ".", "").Replace(strings.ToLower(name))
}

// distance is how many letters have to be put in, taken out, changed or swapped with their neighbours to make one name
// another (optimal string alignment). It is 3 for names that are much longer than any field's.
func distance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 3
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, last, row = last, row, before
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return row[len(b)]
}
