package main

import (
	"maps"

	"apinto-jwt/test/corpus/forge"
)

// object is a JSON object.
type object = map[string]any

// rules returns the configurations that the cases are judged by, in the form of the admin API.
func rules(k *forge.Keyring) object {
	list := object{}
	for _, alg := range forge.Algorithms {
		list[ruleOf(alg)] = ruleWith(k, alg)
	}
	for name, change := range variants(k) {
		alg, _ := change["algorithm"].(string)
		if alg == "" || change["jwks"] != nil {
			alg = "HS256"
		}
		rule := ruleWith(k, alg)
		if change["jwks"] != nil {
			delete(rule, "secret")
		}
		maps.Copy(rule, change)
		list[name] = rule
	}
	return list
}

// ruleWith returns the plain rule of an algorithm.
func ruleWith(k *forge.Keyring, alg string) object {
	rule := object{"algorithm": alg, "iss": issuer, "path": "$.sub"}
	switch alg[:2] {
	case "HS":
		rule["secret"] = k.Secret
	case "ES":
		rule["rsa_public_key"] = forge.PublicPEM(k.EC[alg])
	case "Ed":
		rule["rsa_public_key"] = forge.PublicPEM(k.Ed)
	default:
		rule["rsa_public_key"] = forge.PublicPEM(k.RSA)
	}
	return rule
}

// variants are rules that differ from the plain one in what is named.
func variants(k *forge.Keyring) map[string]object {
	list := map[string]object{
		"require-exp":  {"claims_to_verify": []string{"exp"}},
		"require-nbf":  {"claims_to_verify": []string{"nbf"}},
		"require-both": {"claims_to_verify": []string{"exp", "nbf"}},
		"ignore-times": {"claims_to_verify": []string{}},
		"leeway":       {"leeway": 60},
		"lifetime":     {"max_lifetime": 3600},
		"any-issuer":   {"iss": ""},
		"issuer-names": {"path": ""},
		"audience":     {"audience": []string{"api", "other"}},
		"access-token": {"token_type": "at+jwt"},
		"scope":        {"required_claims": object{"scope": []string{"read"}, "$.tenant.id": []string{"7"}}},

		"any-user":        {"leeway": 1},
		"any-user-number": {"path": "$.user.id"},
		"any-user-issuer": {"path": "", "leeway": 1},

		"short-secret":     {"secret": "apinto"},
		"base64-secret":    {"secret": "/+8Ahm9vYmFyYmF6/w==", "signature_is_base_64": true},
		"base64url-secret": {"secret": "_-8Ahm9vYmFyYmF6_w", "signature_is_base_64": true},

		"rs256-pkcs1":  {"algorithm": "RS256", "rsa_public_key": forge.PKCS1PEM(k.RSA)},
		"rs256-cert":   {"algorithm": "RS256", "rsa_public_key": k.RSACert},
		"es256-cert":   {"algorithm": "ES256", "rsa_public_key": k.ECCert},
		"eddsa-cert":   {"algorithm": "EdDSA", "rsa_public_key": k.EdCert},
		"ed25519-both": {"algorithm": "EdDSA, Ed25519", "rsa_public_key": forge.PublicPEM(k.Ed)},
		"rs256-two":    {"algorithm": "RS256", "rsa_public_key": forge.PublicPEM(k.OtherRSA) + forge.PublicPEM(k.RSA)},
		"es256-two":    {"algorithm": "ES256", "rsa_public_key": forge.PublicPEM(k.EC["ES256"]) + forge.PublicPEM(k.OtherEC["ES256"])},
	}
	maps.Copy(list, pathVariants())
	maps.Copy(list, keySets(k))
	return list
}

// pathVariants find the user's name elsewhere.
func pathVariants() map[string]object {
	return map[string]object{
		"path-nested":   {"path": "$.user.name"},
		"path-gjson":    {"path": "user.name"},
		"path-brackets": {"path": "$['a.b']['c d']"},
		"path-index":    {"path": "$.names[1]"},
		"path-last":     {"path": "$.names[-1]"},
		"path-descent":  {"path": "$..name"},
		"path-member":   {"path": "name"},
		"path-zero":     {"path": "$['0']"},
	}
}

// keySets are rules with a JWK Set: keys of every kind, one of them bound to no algorithm, one for encryption; and one
// key without an ID.
func keySets(k *forge.Keyring) map[string]object {
	key := func(private any, members object) object {
		out := object{}
		for name, value := range forge.JWK(private) {
			out[name] = value
		}
		maps.Copy(out, members)
		return out
	}
	set := func(list ...object) object { return object{"keys": list} }
	return map[string]object{
		"key-set": {"algorithm": "RS256, PS256, ES256, EdDSA, HS256", "jwks": set(
			key(k.RSA, object{"kid": "rsa", "alg": "RS256", "use": "sig"}),
			key(k.OtherRSA, object{"kid": "any"}),
			key(k.EC["ES256"], object{"kid": "ec", "key_ops": []string{"verify"}}),
			key(k.Ed, object{"kid": "ed", "alg": "EdDSA"}),
			key(k.Secret, object{"kid": "mac", "alg": "HS256"}),
			key(k.OtherEC["ES256"], object{"kid": "enc", "use": "enc"}),
			key(k.EC["ES384"], object{"kid": "p384"}),
			object{"kty": "PQC", "kid": "later"},
		)},
		"key-set-any-issuer": {"algorithm": "RS256", "iss": "", "jwks": set(key(k.RSA, object{"kid": "rsa"}))},
		"any-user-key-set":   {"algorithm": "RS256", "path": "", "jwks": set(key(k.RSA, object{"kid": "rsa"}))},
		"key-set-unnamed":    {"algorithm": "RS256", "jwks": set(key(k.RSA, object{}))},
	}
}
