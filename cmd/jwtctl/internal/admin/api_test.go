package admin

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest/must"
)

// answering returns the API of a server that answers every request like this, and what it was asked.
func answering(t *testing.T, status int, body string) (*API, *[]string) {
	t.Helper()
	asked := new([]string)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		value, _ := io.ReadAll(r.Body)
		*asked = append(*asked, strings.TrimSpace(r.Method+" "+r.URL.EscapedPath()+" "+string(value)))
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	a, err := New(server.URL + "/")
	must.Succeed(t, err)
	return a, asked
}

func TestNew(t *testing.T) {
	for address, ok := range map[string]bool{
		"http://127.0.0.1:9400": true, "https://gateway.test/admin/": true, "": false, "127.0.0.1:9400": false, "ftp://gateway.test": false,
		"http://": false, "http://gateway.test?a=b": false, "http://gateway.test#a": false,
	} {
		if _, err := New(address); (err == nil) != ok || !ok && !errors.Is(err, ErrAddress) {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// Each call asks for what it is named after, with the parts of the path escaped.
func TestCalls(t *testing.T) {
	for want, call := range map[string]func(a *API) error{
		"GET /hash/jwt_revoked":               func(a *API) error { _, err := a.Hash(HashRevoked); return err },
		"PUT /hash/jwt_not_before/a%2525b 17": func(a *API) error { return a.Set(HashNotBefore, "a%25b", "17") },
		"DELETE /hash/jwt_revoked/a%2Fb":      func(a *API) error { return a.Remove(HashRevoked, "a/b") },
		"GET /setting/plugin":                 func(a *API) error { _, err := a.Setting("plugin"); return err },
		"GET /apinto/jwt/status":              func(a *API) error { _, err := a.Status(); return err },
		"GET /api/app/sh%7Cop":                func(a *API) error { _, _, err := a.App("sh|op"); return err },
	} {
		a, asked := answering(t, http.StatusOK, `{}`)
		if err := call(a); err != nil || fmt.Sprint(*asked) != "["+want+"]" {
			t.Errorf("got %s, %v, want %s", *asked, err, want)
		}
	}
}

// What is not there is no error; any other answer is one, with its status.
func TestAnswers(t *testing.T) {
	for name, tt := range map[string]struct {
		status int
		body   string
		want   string // of a hash, an application, all of them, removing; "-" is an error
	}{
		"there":             {200, `{"a":"1"}`, "map[a:1] true - ok"},
		"no such hash":      {404, `"not found key: jwt_revoked"`, "map[] false - ok"},
		"no such path":      {404, `404 page not found`, "- false - ok"},
		"a fault":           {500, `no`, "- - - -"},
		"no JSON":           {200, `<html>`, "- - - ok"},
		"a list, and empty": {200, `[]`, "- - [] ok"},
	} {
		a, _ := answering(t, tt.status, tt.body)
		say := func(value any, err error) string {
			if err != nil {
				return "-"
			}
			return fmt.Sprint(value)
		}
		_, found, appErr := a.App("shop")
		hash, hashErr := a.Hash(HashRevoked)
		all, allErr := a.Stored("app")
		got := strings.Join([]string{say(hash, hashErr), say(found, appErr), say(all, allErr), say("ok", a.Remove(HashRevoked, "a"))}, " ")
		if got != tt.want {
			t.Errorf("%s: got %s, want %s", name, got, tt.want)
		}
		if err := a.Set(HashRevoked, "a", "1"); (err == nil) != (tt.status == 200) || err != nil && !strings.Contains(err.Error(), fmt.Sprint(tt.status)) {
			t.Errorf("%s: setting: %v", name, err)
		}
	}
}

// The list has names alone; each application is asked for.
func TestStored(t *testing.T) {
	texts := map[string]string{"/api/app": `[{"id":"shop@app","name":"shop"},{"id":"mall@app","name":"mall"}]`, "/api/app/shop": `{"a":1}`, "/api/app/mall": `{"b":2}`}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, texts[r.URL.Path]) }))
	t.Cleanup(server.Close)
	a, err := New(server.URL)
	must.Succeed(t, err)
	list, err := a.Stored("app")
	got := make(map[string]string)
	for _, app := range list {
		got[app.ID] = string(app.Text)
	}
	if want := map[string]string{"shop@app": `{"a":1}`, "mall@app": `{"b":2}`}; err != nil || !maps.Equal(got, want) {
		t.Errorf("got %v, %v", got, err)
	}
}

// The status page comes with the gateway's clock. A gateway without this driver has none.
func TestStatus(t *testing.T) {
	for status, there := range map[int]bool{http.StatusOK: true, http.StatusNotFound: false} {
		a, _ := answering(t, status, `{"rules":1}`)
		s, err := a.Status()
		if err != nil || (s.Text != nil) != there || time.Since(s.Date).Abs() > time.Minute || time.Since(s.At).Abs() > time.Minute {
			t.Errorf("%d: got %+v, %v", status, s, err)
		}
	}
	a, _ := answering(t, http.StatusInternalServerError, "")
	if _, err := a.Status(); err == nil {
		t.Error("no error of a fault")
	}
}
