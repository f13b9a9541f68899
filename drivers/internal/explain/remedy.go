package explain

import "apinto-jwt/token"

// remedies say in one sentence what to do about each refusal.
var remedies = [token.ReasonCount]string{
	token.TokenMissing:        "Send the token where a rule looks for it, as a rule in a header: Authorization: Bearer TOKEN.",
	token.TokenMalformed:      "Send the token as its issuer has made it: three parts with two dots, base64url, once, without quotes and line ends (jwtctl inspect points at the fault).",
	token.TokenTooLarge:       "Have the issuer put less into the token: 16 KiB is the most, and a body is read for a token up to APINTO_JWT_BODY_LIMIT.",
	token.AlgorithmNotAllowed: "Write the algorithm that the issuer signs with into config.algorithm, or have the issuer sign with that of the rule.",
	token.TypeNotAllowed:      "Send an access token, not an ID token or another kind, or write the type that the issuer gives into config.token_type.",
	token.CriticalUnknown:     "Have the issuer leave out the extension that the header names in crit: this gateway knows none.",
	token.IssuerMismatch:      "Write the token's iss into config.iss, to the letter, or send a token of the issuer that the rule has.",
	token.KeyUnknown:          "Add the key with the token's kid to the rule's key set, or have the issuer sign with one that is in it.",
	token.KeysUnavailable:     "Mend the key set's address or its server, by the last error (also last_error at GET /apinto/jwt/status); of a certificate, look at config.jwks_ca.",
	token.SignatureInvalid:    "Give the rule the key that the issuer signs with; of a secret, look at config.signature_is_base_64 and at blanks round it.",
	token.TokenExpired:        "Get a new token; if it ends too early, compare the clocks of issuer and gateway, and set config.leeway.",
	token.TokenNotYetValid:    "Compare the clocks of issuer and gateway, and set config.leeway.",
	token.LifetimeTooLong:     "Have the issuer make tokens that live shorter, or raise config.max_lifetime.",
	token.AudienceMismatch:    "Ask the issuer for a token for this audience, or add the token's aud to config.audience.",
	token.ClaimMissing:        "Have the issuer put the claim into its tokens, or take it out of config.required_claims, config.claims_to_verify or config.max_lifetime.",
	token.ClaimMismatch:       "Get a token whose claim has an allowed value, or add the value to config.required_claims.",
	token.TokenRevoked:        "Get a new token: this one was ended before its time (jwtctl revoked list).",
	token.UserMissing:         "Write into config.path the path of the claim that names the user, or have the issuer put that claim into its tokens.",
	token.UserUnknown:         "Add the user to the entry's users, or the user * for every user whom the token names.",
	token.UserExpired:         "Set the user's expire to a later time, or to 0.",
	token.AppDisabled:         "Enable the application.",
	token.Internal:            "See the gateway's log for the fault, and report it.",
}
