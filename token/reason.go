package token

// Reason is why a token was refused, or Accepted. The names are stable: they appear in labels, logs, metrics, tools
// and documentation. Their order is the order of the walk, so a greater reason came further.
type Reason uint8

// The reasons, in the order in which a token meets them.
const (
	Accepted Reason = iota
	TokenMissing
	TokenMalformed
	TokenTooLarge
	AlgorithmNotAllowed
	TypeNotAllowed
	CriticalUnknown
	IssuerMismatch
	KeyUnknown
	KeysUnavailable
	SignatureInvalid
	TokenExpired
	TokenNotYetValid
	LifetimeTooLong
	AudienceMismatch
	ClaimMissing
	ClaimMismatch
	TokenRevoked
	UserMissing
	UserUnknown
	UserExpired
	AppDisabled
	Internal

	// ReasonCount is one more than the greatest.
	ReasonCount
)

// reasonNames are the stable names.
var reasonNames = [ReasonCount]string{
	Accepted:            "accepted",
	TokenMissing:        "token_missing",
	TokenMalformed:      "token_malformed",
	TokenTooLarge:       "token_too_large",
	AlgorithmNotAllowed: "algorithm_not_allowed",
	TypeNotAllowed:      "type_not_allowed",
	CriticalUnknown:     "critical_unknown",
	IssuerMismatch:      "issuer_mismatch",
	KeyUnknown:          "key_unknown",
	KeysUnavailable:     "keys_unavailable",
	SignatureInvalid:    "signature_invalid",
	TokenExpired:        "token_expired",
	TokenNotYetValid:    "token_not_yet_valid",
	LifetimeTooLong:     "lifetime_too_long",
	AudienceMismatch:    "audience_mismatch",
	ClaimMissing:        "claim_missing",
	ClaimMismatch:       "claim_mismatch",
	TokenRevoked:        "token_revoked",
	UserMissing:         "user_missing",
	UserUnknown:         "user_unknown",
	UserExpired:         "user_expired",
	AppDisabled:         "app_disabled",
	Internal:            "internal",
}

// String returns the reason's stable name.
func (r Reason) String() string {
	if r < ReasonCount {
		return reasonNames[r]
	}
	return reasonNames[Internal]
}

// Further reports whether a token refused for r came further along the walk than one refused for other.
func (r Reason) Further(other Reason) bool { return r > other }

// Reasons lists every reason that a refused request can have.
func Reasons() []Reason {
	list := make([]Reason, 0, ReasonCount-1)
	for r := TokenMissing; r < ReasonCount; r++ {
		list = append(list, r)
	}
	return list
}
