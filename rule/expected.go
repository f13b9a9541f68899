package rule

import (
	"strings"
	"time"

	"apinto-jwt/internal/configjson"
	"apinto-jwt/token"
)

// MaxLeeway is the largest leeway, in seconds: a token that lives longer than that after its end is a mistake.
const MaxLeeway = 300

// compileExpected reads what the claims must be.
func compileExpected(cfg *Config, r *Rule, f *configjson.FieldErrors) token.Expected {
	e := token.Expected{
		Issuer:      cfg.Iss,
		Type:        cfg.TokenType,
		Leeway:      seconds("leeway", cfg.Leeway, MaxLeeway, f),
		MaxLifetime: seconds("max_lifetime", cfg.MaxLifetime, MaxLifetime, f),
		Audience:    compileAudience(cfg.Audience, f),
		Claims:      compileRequired(cfg.RequiredClaims, r, f),
	}
	if e.Type != "" && !token.TypeAllowed(e.Type) {
		f.Add("config.token_type", "%q can never match: give JWT, or a type that ends in +jwt as at+jwt does", e.Type)
	}
	if cfg.ClaimsToVerify == nil {
		return e
	}
	e.Exp, e.Nbf, e.FutureIssue = token.Ignore, token.Ignore, len(cfg.ClaimsToVerify) == 0
	for _, claim := range cfg.ClaimsToVerify {
		switch strings.TrimSpace(claim) {
		case "exp":
			e.Exp = token.Require
		case "nbf":
			e.Nbf = token.Require
		default:
			f.Add("config.claims_to_verify", "%q is not one of exp, nbf", claim)
		}
	}
	return e
}

// MaxLifetime is the largest max_lifetime, in seconds: ten years.
const MaxLifetime = 10 * 365 * 24 * 3600

// seconds reads a duration.
func seconds(field string, n, maximum int, f *configjson.FieldErrors) time.Duration {
	if n < 0 || n > maximum {
		f.Add("config."+field, "must be 0 to %d seconds", maximum)
		return 0
	}
	return time.Duration(n) * time.Second
}

// compileAudience reads the list of audiences.
func compileAudience(list []string, f *configjson.FieldErrors) []string {
	for i, name := range list {
		if name == "" {
			f.Add("config.audience", "entry %d is empty", i+1)
		}
	}
	return list
}

// compileRequired reads the required claims, in the order of their paths.
func compileRequired(required ClaimValues, r *Rule, f *configjson.FieldErrors) []token.ExpectedClaim {
	list := make([]token.ExpectedClaim, 0, len(required))
	for _, source := range sortedKeys(required) {
		path, err := token.ParsePath(source)
		if err != nil {
			f.Add("config.required_claims", "%q %s", source, err)
			continue
		}
		list = append(list, Expect(path, required[source]))
		for _, value := range required[source] {
			if err := value.Exact(); err != nil {
				r.objections.Add("config.required_claims", "%q %s", source, err)
			}
		}
	}
	return list
}
