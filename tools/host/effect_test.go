package main

import (
	"bufio"
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/eolinker/apinto/application"
	"github.com/eolinker/apinto/application/auth"
	apps "github.com/eolinker/apinto/drivers/app/manager"
	"github.com/eolinker/apinto/drivers/router/http-router/manager"
	httpcontext "github.com/eolinker/apinto/node/http-context"
	eocontext "github.com/eolinker/eosc/eocontext/http-context"
	"github.com/eolinker/eosc/process-admin/admin"
	"github.com/eolinker/eosc/professions"
	"github.com/valyala/fasthttp"
)

// onEditedHost reports whether the tests are built on the edited host: the Makefile says so. On the host as it comes they hold
// that it still does what the edit is for; a host that does not needs the edit no longer.
func onEditedHost() bool { return os.Getenv("APINTO_JWT_HOST") == "edited" }

// received is a request as the gateway reads it.
func received(t *testing.T, head string) *fasthttp.RequestCtx {
	t.Helper()
	var ctx fasthttp.RequestCtx
	ctx.Init(&fasthttp.Request{}, nil, nil)
	text := strings.ReplaceAll(head, "\n", "\r\n") + "\r\n\r\n"
	if err := ctx.Request.Header.Read(bufio.NewReader(strings.NewReader(text))); err != nil {
		t.Fatal(err)
	}
	return &ctx
}

func TestFieldNames(t *testing.T) {
	for head, bad := range map[string]bool{
		"GET / HTTP/1.1\nHost: example.com\nTransfer-Encoding : chunked": true,
		"GET / HTTP/1.1\nHost: example.com\nX-Role: admin":               false, // goes on, to a worker without plugins
	} {
		ctx := received(t, head)
		manager.NewManager().FastHandler(80, ctx)
		if got := ctx.Response.StatusCode(); (got == fasthttp.StatusBadRequest) != (bad && onEditedHost()) {
			t.Errorf("%q: status %d", head, got)
		}
	}
}

// TestHeaderValue holds on either host: one field is read as out of the copy of all fields.
func TestHeaderValue(t *testing.T) {
	head := "GET / HTTP/1.1\nHost: example.com\nX-Twice: first\nx-twice: last\nCookie: a=1\nCookie: b=2\nContent-Type: text/plain\n" +
		"Content-Length: 0\nUser-Agent: test\nX-Empty:"
	names := []string{"Host", "x-twice", "X-TWICE", "Cookie", "content-type", "Content-Length", "User-Agent", "X-Empty", "X-None", "no token"}
	single := httpcontext.NewContext(received(t, head), 80).Request().Header()
	copied := httpcontext.NewContext(received(t, head), 80).Request().Header()
	copied.Headers()
	for _, name := range names {
		if got, want := single.GetHeader(name), copied.GetHeader(name); got != want {
			t.Errorf("%s: %q, in the copy of all fields %q", name, got, want)
		}
	}
}

// namedAuth is an authenticator that nobody asks.
type namedAuth string

func (a namedAuth) ID() string                                         { return string(a) }
func (namedAuth) Driver() string                                       { return "named" }
func (namedAuth) Check(string, []application.ITransformConfig) error   { return nil }
func (namedAuth) Set(application.IApp, []application.ITransformConfig) {}
func (namedAuth) Del(string)                                           {}
func (namedAuth) UserCount() int                                       { return 0 }
func (namedAuth) GetUser(eocontext.IHttpContext) (*application.UserInfo, bool) {
	return nil, false
}

// namedApp is an application with nothing but an ID.
type namedApp struct {
	application.IApp
	id string
}

func (a namedApp) Id() string { return a.id } //nolint:revive // the host names it so

// namedFactory has no routes of its own.
type namedFactory struct{ auth.IAuthFactory }

func (namedFactory) PreRouters() []*auth.PreRouter { return nil }

func (namedFactory) Alias() []string { return nil }

func (namedFactory) Render() any { return nil }

// TestAuthenticatorList holds on either host: the list is that of the applications there are.
func TestAuthenticatorList(t *testing.T) {
	auth.FactoryRegister("named", namedFactory{})
	m := apps.NewManager(map[string]string{"named": "named"}, []string{"named"})
	set := func(app string, ids ...string) {
		var list []application.IAuth
		users := map[string][]application.ITransformConfig{}
		for _, id := range ids {
			list, users[id] = append(list, namedAuth(id)), nil
		}
		m.Set(namedApp{id: app}, list, users)
	}
	want := func(when string, want ...string) {
		t.Helper()
		var got []string
		for _, a := range m.List() {
			got = append(got, string(a.(namedAuth)))
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", when, got, want)
		}
	}
	want("no application")
	set("a@app", "1", "2")
	want("one application", "1", "2")
	want("again", "1", "2")
	set("b@app", "3")
	want("two applications", "1", "2", "3")
	m.Del("a@app")
	want("one deleted", "3")
	m.Del("b@app")
	want("all deleted")
}

// transactionWait is for a transaction that waits for nothing.
const transactionWait = 2 * time.Second

func TestTransactionUnlock(t *testing.T) {
	none := professions.NewProfessions(nil)
	none.Reset(nil)
	data := admin.NewImlAdminData(nil, none, nil, nil)
	func() {
		defer func() {
			if p := recover(); p != "a driver's" {
				t.Errorf("the panic that comes out: %v", p)
			}
		}()
		_ = data.Transaction(t.Context(), func(context.Context, admin.AdminApiWrite) error { panic("a driver's") })
	}()
	done := make(chan error, 1)
	go func() {
		done <- data.Transaction(context.Background(), func(context.Context, admin.AdminApiWrite) error { return nil })
	}()
	select {
	case err := <-done:
		if err != nil || !onEditedHost() {
			t.Errorf("the transaction after one that has panicked ends (on the edited host: %t): %v", onEditedHost(), err)
		}
	case <-time.After(transactionWait):
		if onEditedHost() {
			t.Error("the admin API waits for a transaction that has panicked")
		}
	}
}
