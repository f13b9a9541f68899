package jwt

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"apinto-jwt/internal/configjson"
	"apinto-jwt/token"
)

// login is what the route requires of how and when the user has logged in (RFC 9470).
type login struct {
	classes []string // "acr" is one of them; nil: any or none.
	maxAge  int64    // Seconds since "auth_time"; 0: any.
}

// The claims of a log-in (OpenID Connect Core §2, RFC 9068 §2.2.1).
var (
	acrClaim      = token.MustPath("acr")
	authTimeClaim = token.MustPath("auth_time")
)

// clockSkew is how far the issuer's clock may be ahead, in seconds.
const clockSkew = 60

// The refusals of a log-in that is not enough (RFC 9470 §3).
var (
	refusalACR = stepUp("acr_insufficient", "the user has to log in in a stronger way")
	refusalAge = stepUp("login_too_old", "the user has to log in again")
)

func stepUp(reason, message string) *refusal {
	return &refusal{reason: reason, status: http.StatusUnauthorized, code: insufficientAuthentication, message: message, ours: true}
}

// compileLogin reads what is required of the log-in.
func compileLogin(config *Config, f *configjson.FieldErrors) login {
	for i, class := range config.ACRValues {
		if !token.IsScope(class) { // the challenge lists them as it does scopes
			f.Add(item("acr_values", i), "%q is not the value of acr: printable ASCII without blanks, quotes and backslashes", class)
		}
	}
	if config.MaxAge < 0 {
		f.Add("max_age", "is less than 0: give the seconds since the log-in, or leave it out")
	}
	return login{config.ACRValues, int64(config.MaxAge)}
}

// demand returns nil if the token is of a log-in that is enough.
func (l *login) demand(v *token.Verified, now func() time.Time) *refusal {
	if len(l.classes) > 0 {
		if class, ok := v.Find(acrClaim); !ok || class.Type != gjson.String || !slices.Contains(l.classes, class.Str) {
			return refusalACR
		}
	}
	if l.maxAge > 0 {
		at, ok := v.Find(authTimeClaim)
		age := float64(now().Unix()) - at.Num
		if !ok || at.Type != gjson.Number || age > float64(l.maxAge) || age < -clockSkew {
			return refusalAge
		}
	}
	return nil
}

// challenge returns the parameters that tell the client which log-in is enough (RFC 9470 §3).
func (l *login) challenge() string {
	var c strings.Builder
	if len(l.classes) > 0 {
		c.WriteString(`, acr_values="` + strings.Join(l.classes, " ") + `"`)
	}
	if l.maxAge > 0 {
		c.WriteString(`, max_age="` + strconv.FormatInt(l.maxAge, 10) + `"`)
	}
	return c.String()
}
