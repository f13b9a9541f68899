package authn

import (
	"reflect"
	"testing"
	"time"

	"github.com/eolinker/apinto/application"

	"apinto-jwt/drivers/internal/bearer"
	"apinto-jwt/drivers/internal/metrics"
	"apinto-jwt/drivers/internal/registry"
	"apinto-jwt/jwttest"
	"apinto-jwt/keys"
	"apinto-jwt/token"
)

// An outcome that is given back brings nothing of its request to the next one.
func TestReleasedOutcomeIsEmpty(t *testing.T) {
	raw := jwttest.Sign(t, "HS256", "a secret of this test, of 32 bytes", nil, map[string]any{"sub": "ann"})
	for range 3 {
		r := newOutcome()
		u, err := token.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		m := match{new(registry.Binding), new(application.UserInfo), true}
		home := r.home
		*r = outcome{
			generation: 1, now: time.Unix(1, 0), reason: token.KeyUnknown, verified: new(token.Verified), once: u,
			extractions: []extraction{{new(registry.LocationIndex), bearer.Extraction{Token: raw}}}, matches: []match{m},
			locations: new([]*registry.LocationIndex), token: raw, deadline: time.Unix(2, 0),
			trial: trial{failed: map[[32]byte]struct{}{{1}: {}}, reason: token.KeyUnknown, spent: 1, shuffled: true}, location: new(registry.LocationIndex),
			counter: new(metrics.Counter), refuser: refuser{m.binding, new(keys.Key)}, raw: raw, keyID: "1", home: home,
			several: true, end: true, refused: true, unconditional: true, formless: true, hidden: true, stray: true, trace: new(Trace),
			oneExtraction: [1]extraction{{new(registry.LocationIndex), bearer.Extraction{Token: raw}}}, oneMatch: [1]match{m},
			digest: token.Digest{1},
		}
		for i := range reflect.TypeFor[outcome]().NumField() {
			if reflect.ValueOf(r).Elem().Field(i).IsZero() {
				t.Fatalf("the test leaves %s empty", reflect.TypeFor[outcome]().Field(i).Name)
			}
		}
		r.release()
		if !reflect.DeepEqual(&home.outcome, new(outcome)) {
			t.Fatalf("it has something of the one before: %+v", home.outcome)
		}
	}
}
