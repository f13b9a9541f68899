package jwttoken

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"

	http_service "github.com/eolinker/eosc/eocontext/http-context"

	driver "apinto-jwt/drivers/auth/jwt"
	"apinto-jwt/internal/appid"
	"apinto-jwt/token"
)

// client is who sends the request, as it says.
type client struct {
	app      string // the application's name, the "client_id"
	user     string // the user whose password it is, if the request says so
	password string // empty: the client does not authenticate by it
	bearer   string
	// assertion is the client's JWT (RFC 7523 §2.2), of which nothing is proven; nil if it sends none.
	assertion *token.Unverified
}

// authenticates reports whether the client sends anything of its own to authenticate by.
func (c client) authenticates() bool { return c.password != "" || c.user != "" || c.assertion != nil }

// readRequest reads the form and then the client; if either cannot be read the last result is the answer.
func readRequest(ctx http_service.IHttpContext) (form, client, *answer) {
	f, refused := readForm(ctx)
	if refused != nil {
		return nil, client{}, refused
	}
	c, refused := readClient(ctx, f)
	return f, c, refused
}

// readClient reads the header Authorization or the client's assertion, and else the parameter client_id (RFC 6749 §2.3.1). As an application has
// no password of its own, that of one of its users counts: the name in the header is "application|user", or the
// application alone if only one of its users has a password.
func readClient(ctx http_service.IHttpContext, f form) (client, *answer) {
	header := ctx.Request().Header().GetHeader("Authorization")
	scheme, credentials, _ := strings.Cut(strings.TrimSpace(header), " ")
	credentials = strings.TrimSpace(credentials)
	asserts := f.has("client_assertion") || f.has("client_assertion_type")
	switch {
	case header != "" && asserts: // RFC 6749 §2.3
		a := bad("invalid_request", "a client authenticates in one way, by Authorization or by client_assertion")
		return client{}, &a
	case asserts:
		return readAssertion(f)
	case header == "":
		return client{app: clientID(f)}, nil
	case strings.EqualFold(scheme, "bearer") && credentials != "":
		return client{app: clientID(f), bearer: credentials}, nil
	case !strings.EqualFold(scheme, "basic"):
		return client{}, unauthorized("the scheme of Authorization is not Basic")
	}
	c, ok := readBasic(credentials)
	if !ok {
		return client{}, unauthorized("the credentials cannot be read")
	}
	if f.has("client_id") && clientID(f) != c.app {
		a := bad("invalid_request", "client_id is not the client of Authorization")
		return client{}, &a
	}
	return c, nil
}

// clientID returns the application's name in the form, empty if it has none.
func clientID(f form) string { return appid.Name(f.get("client_id")) }

// readBasic reads the credentials (RFC 7617), whose parts are escaped like a form's (RFC 6749 §2.3.1).
func readBasic(credentials string) (client, bool) {
	text, err := base64.StdEncoding.DecodeString(credentials)
	if err != nil {
		return client{}, false
	}
	id, password, found := strings.Cut(string(text), ":")
	id, idErr := url.QueryUnescape(id)
	password, passwordErr := url.QueryUnescape(password)
	app, user, _ := strings.Cut(id, "|")
	return client{app: appid.Name(app), user: user, password: password}, found && idErr == nil && passwordErr == nil && app != ""
}

// unauthorized returns the refusal of a client (RFC 6749 §5.2).
func unauthorized(description string) *answer {
	a := failed(http.StatusUnauthorized, "invalid_client", description)
	return &a
}

// authenticate checks the client's assertion or password.
func (s *service) authenticate(ctx http_service.IHttpContext, c client) (*driver.Account, *answer) {
	switch {
	case c.assertion != nil:
		return s.authenticateByKey(c)
	case c.password == "" || c.app == "":
		return nil, unauthorized("HTTP Basic with the application and a user's password, or a client_assertion, is needed")
	}
	account, refused := s.login(c.app, s.userOf(c), c.password, s.address(ctx))
	if refused == nil && account == nil {
		return nil, unauthorized("the application or the password is wrong")
	}
	return account, refused
}

// userOf returns the user whose password or assertion the client gives: the application's one user if it names none.
func (s *service) userOf(c client) string {
	if c.assertion != nil {
		if account, _, ok := s.accounts.Client(c.app, c.user); ok {
			return account.User()
		}
		return c.user
	}
	if c.user == "" {
		if account, ok := s.accounts.OnlyUser(c.app); ok {
			return account.User()
		}
	}
	return c.user
}
