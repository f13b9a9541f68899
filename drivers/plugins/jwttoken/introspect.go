package jwttoken

import (
	"cmp"
	"encoding/json"

	http_service "github.com/eolinker/eosc/eocontext/http-context"
	"github.com/tidwall/gjson"

	driver "apinto-jwt/drivers/auth/jwt"
	"apinto-jwt/token"
)

// inactive is all that is told of a token that is not good (RFC 7662 §2.2).
type inactive struct {
	Active bool `json:"active"`
}

// active is the answer about an active token.
type active struct {
	Active   bool            `json:"active"`
	Scope    string          `json:"scope,omitempty"`
	ClientID string          `json:"client_id"`
	Username string          `json:"username"`
	Type     string          `json:"token_type,omitempty"`
	Expires  int64           `json:"exp"`
	Issued   int64           `json:"iat,omitempty"`
	Start    int64           `json:"nbf,omitempty"`
	Subject  string          `json:"sub"`
	Audience json.RawMessage `json:"aud,omitempty"`
	Issuer   string          `json:"iss,omitempty"`
	ID       string          `json:"jti,omitempty"`
}

// introspect serves the introspection endpoint (RFC 7662), for applications that authenticate: by HTTP Basic, or by an
// access token.
func (s *service) introspect(ctx http_service.IHttpContext) answer {
	f, c, refused := readRequest(ctx)
	if refused != nil {
		return *refused
	}
	client, refused := s.asks(ctx, c)
	if refused != nil {
		return *refused
	}
	if f.get("token") == "" {
		return bad("invalid_request", "token is needed")
	}
	now := s.now()
	if v, account, known := s.accounts.Verify(f.get("token"), now); known {
		if !s.tells(client, account) || s.accounts.Ended(v, account, now) {
			return ok(inactive{})
		}
		return ok(describe(v, account))
	}
	r, account, known := s.openRefresh(f.get("token"))
	if !known || !s.tells(client, account) || !r.usable(account, now) {
		return ok(inactive{})
	}
	return s.of(account.App()).describeRefresh(r, account)
}

// describeRefresh returns the description of a refresh token, if it is the current one of its session.
func (s *service) describeRefresh(r refresh, account *driver.Account) answer {
	current, err := s.store.Current(r.Family, r.Generation)
	if err != nil {
		return s.storeFailed(err)
	}
	if !current {
		return ok(inactive{})
	}
	return ok(active{
		Active: true, ClientID: account.App(), Username: account.User(), Subject: account.User(),
		Expires: r.Expires, Issued: r.Started, Scope: cmp.Or(r.Scope, account.Scope()),
	})
}

// asks returns the client, by its access token or else its password.
func (s *service) asks(ctx http_service.IHttpContext, c client) (*driver.Account, *answer) {
	if c.bearer == "" {
		return s.of(c.app).authenticate(ctx, c)
	}
	now := s.now()
	v, account, known := s.accounts.Verify(c.bearer, now)
	if !known || s.accounts.Ended(v, account, now) || c.app != "" && c.app != account.App() {
		return nil, unauthorized("the access token is not good")
	}
	return account, nil
}

// tells reports whether the client may know about the account's tokens: those of its own application, and those that the
// endpoint lists. Of others it is told the same as of tokens that are not good (RFC 7662 §2.2).
func (s *service) tells(client, account *driver.Account) bool {
	return client.App() == account.App() || s.introspectFor[account.App()]
}

// describe returns the claims of an access token.
func describe(v *token.Verified, account *driver.Account) active {
	a := active{
		Active: true, ClientID: account.App(), Username: account.User(), Type: "Bearer", Scope: gjson.Get(v.Payload(), "scope").Str,
		Subject: v.Subject(), Issuer: v.Issuer(), ID: v.ID(),
		Expires: int64(v.Expires().Seconds()), Issued: int64(v.IssuedAt().Seconds()), Start: int64(v.NotBefore().Seconds()),
	}
	if audience := gjson.Get(v.Payload(), "aud"); audience.Exists() {
		a.Audience = json.RawMessage(audience.Raw)
	}
	return a
}
