package jwt

import (
	"testing"
	"time"

	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/authn"
	"apinto-jwt/jwttest/host"
)

// arrivedAt is a request that the host has taken up at this time.
type arrivedAt struct {
	http_service.IHttpContext
	at time.Time
}

func (a arrivedAt) AcceptTime() time.Time { return a.at }

// A request is judged by the time at which it came, one that brings its token in the body by the time when that was read.
func TestHostClock(t *testing.T) {
	k := &kit{t: t, factory: newFactory(authn.HostClock())}
	hour := time.Now().Add(time.Hour)
	dying := tokenOf(t, secretA, claims{"sub": "ann", "exp": hour.Unix()})
	header := k.bind(appOf("a"), entry{})[0]
	body := k.bind(appOf("b"), entry{position: "body", name: "token"})[0]

	for name, test := range map[string]struct {
		at   time.Time
		want bool
	}{
		"before its end": {hour.Add(-time.Minute), true},
		"after its end":  {hour.Add(time.Minute), false},
		"not known":      {time.Time{}, true},
	} {
		if _, ok := header.GetUser(arrivedAt{inHeader(t, dying), test.at}); ok != test.want {
			t.Errorf("%s: accepted is %t", name, ok)
		}
	}
	posted := host.Post(t, "/", "application/x-www-form-urlencoded", "token="+dying)
	if _, ok := body.GetUser(arrivedAt{posted, hour.Add(time.Minute)}); !ok {
		t.Error("a token in the body is judged by the time when the header came")
	}
}
