package revocation

import (
	"math"
	"net/url"
	"strings"
	"time"

	"apinto-jwt/internal/appid"
	"apinto-jwt/token"
)

// notBefore is HashNotBefore made ready for requests, by the applications' names.
type notBefore map[string]*policy

// policy ends the tokens of one application that were issued before these times.
type policy struct {
	app   float64 // For all its users.
	users map[string]float64
}

// The times before which no token and every token was issued.
const (
	never  = -1 << 62
	always = 1 << 62
)

// newNotBefore reads the hash. If it says two things of the same application or user, the later time counts.
func newNotBefore(hash map[string]string) notBefore {
	all := make(notBefore, len(hash))
	for field, value := range hash {
		app, user := parseSubject(field)
		c, known := all[app]
		if !known {
			c = &policy{app: never, users: make(map[string]float64)}
			all[app] = c
		}
		at := parseTime(value)
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

// unescaped returns the text without its URL escapes, or the text itself if they cannot be read.
func unescaped(text string) string {
	if plain, err := url.PathUnescape(text); err == nil {
		return plain
	}
	return text
}

// parseTime reads a unix time; what is none ends every token.
func parseTime(value string) float64 {
	seconds, ok := token.ParseSeconds(strings.TrimSpace(value))
	if !ok {
		return always
	}
	return seconds
}

// ends reports whether a token of the user that was issued at this time has been ended.
func (p notBefore) ends(app, user string, hasTime bool, issued float64) bool {
	at := p.of(app, user)
	return at != never && (!hasTime || issued < at)
}

// of returns the time before which the user's tokens are ended, or never.
func (p notBefore) of(app, user string) float64 {
	if len(p) == 0 {
		return never
	}
	of, known := p[appid.Name(app)]
	if !known {
		return never
	}
	if own, known := of.users[user]; known && own > of.app {
		return own
	}
	return of.app
}

// maxHeld bounds how long a client is told to wait.
const maxHeld = 24 * time.Hour

// held returns how long tokens of the user that are issued now are ended from the beginning; 0 if they are good.
func (p notBefore) held(app, user string, now time.Time) time.Duration {
	at, issued := p.of(app, user), now.Unix()
	if at == never || float64(issued) >= at {
		return 0
	}
	ahead := min(math.Ceil(at)-float64(issued), maxHeld.Seconds())
	return time.Duration(ahead) * time.Second
}
