package jwt

import (
	"sort"
	"strings"
	"time"

	"apinto-jwt/internal/configjson"
	"apinto-jwt/internal/printable"
	"apinto-jwt/token"
)

// mostLeeway is the largest leeway, in seconds: a token that lives longer than that after its end is a mistake.
const mostLeeway = 300

// compileExpected reads what the claims must be.
func compileExpected(cfg *Rule, r *rule, f *configjson.FieldErrors) token.Expected {
	e := token.Expected{
		Issuer:      cfg.Iss,
		Type:        cfg.TokenType,
		Leeway:      seconds("leeway", cfg.Leeway, mostLeeway, f),
		MaxLifetime: seconds("max_lifetime", cfg.MaxLifetime, maxSeconds, f),
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

// maxSeconds bounds a duration: ten years.
const maxSeconds = 10 * 365 * 24 * 3600

// seconds reads a duration.
func seconds(field string, n, most int, f *configjson.FieldErrors) time.Duration {
	if n < 0 || n > most {
		f.Add("config."+field, "must be 0 to %d seconds", most)
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
func compileRequired(required ClaimValues, r *rule, f *configjson.FieldErrors) []token.ExpectedClaim {
	list := make([]token.ExpectedClaim, 0, len(required))
	for _, source := range sortedNames(required) {
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

// claimLabel puts a claim into a label of the request.
type claimLabel struct {
	path  token.Path
	label string
}

// reservedLabels are the host's own: a token must not be able to set them.
var reservedLabels = map[string]bool{
	"application_id": true, "application": true, "token": true, "auth_status": true,
	"api": true, "api_id": true, "service": true, "service_id": true, "service_title": true,
	"method": true, "path": true, "ip": true, "time": true,
	"stream_running": true, "current_running": true, "disable_stream": true,
	"handler": true, "block_name": true, "provider": true,
	"response-content-type": true, "request_body": true, "response_body": true,
}

// compileLabels reads which claims become labels, in the order of their paths.
func compileLabels(labels map[string]string, f *configjson.FieldErrors) []claimLabel {
	list := make([]claimLabel, 0, len(labels))
	for _, source := range sortedNames(labels) {
		path, err := token.ParsePath(source)
		switch label := labels[source]; {
		case err != nil:
			f.Add("config.claims_to_labels", "%q %s", source, err)
		case strings.TrimSpace(label) == "" || printable.Text(label) != label:
			f.Add("config.claims_to_labels", "%q: the label's name is empty or not printable", source)
		case reservedLabels[label] || strings.HasPrefix(label, "jwt_"):
			f.Add("config.claims_to_labels", "%q: the label %q belongs to the gateway; choose another name", source, label)
		default:
			list = append(list, claimLabel{path, label})
		}
	}
	return list
}

// sortedNames are the keys of a map in order, so that the same configuration always does the same.
func sortedNames[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
