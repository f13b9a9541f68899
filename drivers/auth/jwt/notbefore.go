package jwt

import (
	"math"
	"net/url"
	"strings"
	"time"

	"github.com/eolinker/apinto/application"

	"apinto-jwt/internal/appid"
	"apinto-jwt/token"
)

// cutoffs is HashNotBefore made ready for requests, by the applications' names.
type cutoffs map[string]*cutoff

// cutoff is what is ended of one application: tokens issued before these times.
type cutoff struct {
	app   float64 // for all its users
	users map[string]float64
}

// The cutoffs that no token meets, and that every token does.
const (
	never  = -1 << 62
	always = 1 << 62
)

// newCutoffs reads the hash. Where it says two things of the same application or user, the later time counts.
func newCutoffs(hash map[string]string) cutoffs {
	all := make(cutoffs, len(hash))
	for field, value := range hash {
		app, user := parseSubject(field)
		c, known := all[app]
		if !known {
			c = &cutoff{app: never, users: make(map[string]float64)}
			all[app] = c
		}
		at := parseCutoff(value)
		if user == "" {
			c.app = max(c.app, at)
		} else if earlier, known := c.users[user]; !known || at > earlier {
			c.users[user] = at
		}
	}
	return all
}

// parseSubject reads a field. With an empty user it is about the whole application.
func parseSubject(field string) (app, user string) {
	app, user, _ = strings.Cut(field, "|")
	return appid.Name(unescaped(app)), unescaped(user)
}

// unescaped is the text without its URL escapes, or the text itself where they cannot be read.
func unescaped(text string) string {
	if plain, err := url.PathUnescape(text); err == nil {
		return plain
	}
	return text
}

// parseCutoff reads a unix time; what is none ends every token.
func parseCutoff(value string) float64 {
	seconds, ok := token.ParseSeconds(strings.TrimSpace(value))
	if !ok {
		return always
	}
	return seconds
}

// end tells whether a token of the user that was issued at this time has been ended.
func (c cutoffs) end(user *application.UserInfo, issued token.NumericDate) bool {
	return c.endAt(user, issued.IsSet(), issued.Seconds())
}

// endAt is end of a token whose time stands outside it.
func (c cutoffs) endAt(user *application.UserInfo, hasTime bool, issued float64) bool {
	at := c.of(user)
	return at != never && (!hasTime || issued < at)
}

// of is the time before which the user's tokens are ended, or never.
func (c cutoffs) of(user *application.UserInfo) float64 {
	if len(c) == 0 {
		return never
	}
	of, known := c[appid.Name(user.App.Id())]
	if !known {
		return never
	}
	if own, known := of.users[user.Name]; known && own > of.app {
		return own
	}
	return of.app
}

// maxHeld bounds how long a client is told to wait for the end of a cutoff.
const maxHeld = 24 * time.Hour

// held is how long tokens of the user that are issued now are ended from the beginning; 0 if they are good.
func (c cutoffs) held(user *application.UserInfo, now time.Time) time.Duration {
	at, issued := c.of(user), now.Unix()
	if at == never || float64(issued) >= at {
		return 0
	}
	ahead := min(math.Ceil(at)-float64(issued), maxHeld.Seconds())
	return time.Duration(ahead) * time.Second
}
