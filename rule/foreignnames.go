package rule

// foreignNames maps other products' and people's names to ours. They are in the form of
// configjson.PlainName.
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

// besideNames are the fields that belong beside "config", if they are found in it.
var besideNames = map[string]string{
	"position": "position, beside config", "tokenname": "token_name, beside config", "header": "position and token_name, beside config",
	"headername": "token_name, beside config", "headernames": "token_name, beside config", "query": "position and token_name, beside config",
	"uriparamnames": "position and token_name, beside config", "users": "users, beside config", "hidecredential": "hide_credential of each user",
	"hidecredentials": "hide_credential of each user",
}

// issueNames maps others' names to fields of "issue".
var issueNames = map[string]string{
	"ttl": "access_ttl", "expiresin": "access_ttl", "lifetime": "access_ttl", "exp": "access_ttl", "accesstokenttl": "access_ttl", "refreshtokenttl": "refresh_ttl",
	"key": "private_key", "signingkey": "private_key", "keyid": "kid", "aud": "audience", "audiences": "audience", "extraclaims": "claims",
}

// entryNames maps others' names to fields of an entry of "auth".
var entryNames = map[string]string{
	"pos": "position", "location": "position", "in": "position", "place": "position", "from": "position", "name": "token_name", "header": "token_name",
	"headername": "token_name", "param": "token_name", "driver": "type", "conf": "config", "rule": "config", "settings": "config", "user": "users",
	"hidecredential": "hide_credential of each user", "hidecredentials": "hide_credential of each user", "pattern": "pattern of each user",
	"labels": "labels of each user", "expire": "expire of each user",
}

// userNames maps others' names to fields of a user, and to those of its "pattern".
var userNames = map[string]string{
	"username": "pattern.username", "user": "pattern.username", "name": "pattern.username", "sub": "pattern.username", "password": "pattern.password",
	"exp": "expire", "expires": "expire", "expiresat": "expire", "expiration": "expire", "hide": "hide_credential", "tags": "labels", "metadata": "labels",
}

// patternNames maps others' names to fields of a user's "pattern".
var patternNames = map[string]string{
	"user": "username", "name": "username", "sub": "username", "pass": "password", "passwordhash": "password",
	"key": "client_key", "publickey": "client_key.public_key", "jwks": "client_key.jwks", "jwksuri": "client_key.jwks_uri",
}

// clientKeyNames maps others' names to fields of a "client_key".
var clientKeyNames = map[string]string{
	"alg": "algorithm", "algorithms": "algorithm", "rsapublickey": "public_key", "pem": "public_key", "key": "public_key", "cert": "public_key",
	"certificate": "public_key", "jwksurl": "jwks_uri", "jwkuri": "jwks_uri", "jwkurl": "jwks_uri", "jwk": "jwks", "keyset": "jwks",
}
