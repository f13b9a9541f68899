package peers

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"apinto-jwt/bench/load"
)

// named is a loader that is not asked for load.
type named string

func (n named) Name() string { return string(n) }

func (named) Run(context.Context, load.Request, time.Duration) (load.Sample, error) {
	panic("no load here")
}

// Each case differs from the base in one thing, not counting its name and whether open routes take part.
func TestCases(t *testing.T) {
	list := cases([]int{1, 200, 10_000})
	if list[0] != base || len(list) != 10 {
		t.Fatalf("%d cases, the first: %+v", len(list), list[0])
	}
	names := make(map[string]bool)
	for _, c := range list {
		if names[c.name] {
			t.Errorf("two cases are %q", c.name)
		}
		names[c.name] = true
		differences := 0
		for _, differs := range []bool{
			c.connections != base.connections, c.algorithm != base.algorithm, c.fresh, c.apps != 1, c.tls, c.body != 0,
		} {
			if differs {
				differences++
			}
		}
		if c != base && differences != 1 {
			t.Errorf("%+v differs in %d things", c, differences)
		}
		if rules := c.rules(); len(rules) != c.apps || c.rule().Key.Algorithm != c.algorithm {
			t.Errorf("%s: %d rules, %s", c.name, len(rules), c.rule().Key.Algorithm)
		}
	}
	if !names[appsName(maxApps)] {
		t.Errorf("no case is %q", appsName(maxApps))
	}
}

func TestTakesPart(t *testing.T) {
	many := loadCase{apps: 200}
	for _, test := range []struct {
		contender contender
		c         loadCase
		want      bool
	}{
		{contender{open: true}, base, true},
		{contender{open: true}, many, false},
		{contender{}, many, true},
		{contender{reference: true}, many, true},
		{contender{reference: true}, base, false},
	} {
		if got := test.contender.takesPart(test.c); got != test.want {
			t.Errorf("%+v in %+v: %v", test.contender, test.c, got)
		}
	}
	if c := (contender{reference: true}).served(many); c.apps != 1 {
		t.Errorf("a reference serves %d applications", c.apps)
	}
}

func TestForge(t *testing.T) {
	for _, good := range []string{"a.b.ccccc", "a.b.AAAAA", base.rule().New()} {
		forged := forge(good)
		at := strings.LastIndexByte(good, '.')
		if forged == good || len(forged) != len(good) || forged[:at+1] != good[:at+1] {
			t.Errorf("%s becomes %s", good, forged)
		}
	}
}

// A route that lets a forged token through, or nobody at all, is not measured.
func TestCheck(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	serve := func(status func(authorization string) int) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(status(r.Header.Get("Authorization")))
		}))
		t.Cleanup(s.Close)
		return s.URL
	}
	everybody := serve(func(string) int { return http.StatusOK })
	bearers := serve(func(authorization string) int {
		if authorization == "" {
			return http.StatusUnauthorized
		}
		return http.StatusOK
	})
	nobody := serve(func(string) int { return http.StatusForbidden })
	if err := check(ctx, everybody, base, true); err != nil {
		t.Errorf("an open route: %v", err)
	}
	for name, url := range map[string]string{"everybody": everybody, "every bearer": bearers, "nobody": nobody} {
		short, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
		if err := check(short, url, base, false); err == nil {
			t.Errorf("a route that lets %s through is right", name)
		}
		cancel()
	}
	for status, want := range map[int]bool{200: false, 302: false, 401: true, 403: true, 502: false} {
		if got := rightStatus(status, false); got != want {
			t.Errorf("%d is a refusal: %v", status, got)
		}
	}
}
