package explain

import "apinto-jwt/token"

// The steps of a walk, in their order. Their names are stable.
const (
	stepPlace       = "place"       // Where tokens are looked for.
	stepForm        = "form"        // What a token must look like.
	stepAlgorithm   = "algorithm"   // "alg", from here on rule by rule.
	stepIssuer      = "issuer"      // "iss"
	stepKey         = "key"         // The keys that could have made it.
	stepSignature   = "signature"   // The one that did.
	stepType        = "type"        // "typ"
	stepTime        = "time"        // "exp", "nbf", "iat"
	stepAudience    = "audience"    // "aud"
	stepClaims      = "claims"      // Those that are required.
	stepRevocation  = "revocation"  // Whether it was ended early.
	stepUser        = "user"        // Whom it names.
	stepApplication = "application" // Whose user that is.
	stepGateway     = "gateway"     // A fault of ours.
)

// stepOf names the step at which a token is refused.
var stepOf = [token.ReasonCount]string{
	token.Accepted:            stepApplication,
	token.TokenMissing:        stepPlace,
	token.TokenMalformed:      stepForm,
	token.TokenTooLarge:       stepForm,
	token.AlgorithmNotAllowed: stepAlgorithm,
	token.TypeNotAllowed:      stepType,
	token.CriticalUnknown:     stepForm,
	token.IssuerMismatch:      stepIssuer,
	token.KeyUnknown:          stepKey,
	token.KeysUnavailable:     stepKey,
	token.SignatureInvalid:    stepSignature,
	token.TokenExpired:        stepTime,
	token.TokenNotYetValid:    stepTime,
	token.LifetimeTooLong:     stepTime,
	token.AudienceMismatch:    stepAudience,
	token.ClaimMissing:        stepClaims,
	token.ClaimMismatch:       stepClaims,
	token.TokenRevoked:        stepRevocation,
	token.UserMissing:         stepUser,
	token.UserUnknown:         stepUser,
	token.UserExpired:         stepUser,
	token.AppDisabled:         stepApplication,
	token.Internal:            stepGateway,
}
