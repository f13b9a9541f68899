package jwttoken

import (
	"net/http"

	http_service "github.com/eolinker/eosc/eocontext/http-context"

	driver "apinto-jwt/drivers/auth/jwt"
	"apinto-jwt/drivers/plugins/jwttoken/internal/store"
)

// revoke serves the revocation endpoint (RFC 7009). A refresh token ends its family with all access tokens of it, an access
// token ends alone.
func (s *service) revoke(ctx http_service.IHttpContext) answer {
	f, c, refused := readRequest(ctx)
	switch {
	case refused != nil:
		return *refused
	case c.app == "":
		return *unauthorized("client_id is needed")
	case f.get("token") == "":
		return bad("invalid_request", "token is needed")
	}
	s = s.of(c.app)
	if c.password != "" || c.assertion != nil {
		if _, refused := s.authenticate(ctx, c); refused != nil {
			return *refused
		}
	}
	if r, account, known := s.openRefresh(f.get("token")); known {
		return s.end(account, c, func() error { return s.store.End(r.Family, r.keepEnded(account)) })
	}
	now := s.now()
	v, account, known := s.accounts.Verify(f.get("token"), now)
	if !known || v.ID() == "" {
		return ok(struct{}{}) // nothing that could be used (RFC 7009 §2.2)
	}
	return s.end(account, c, func() error {
		return s.store.Revoke(v.ID(), v.Expires().Time().Sub(now)+store.MaxLeeway)
	})
}

// end ends a token of the account, if it is the client's.
func (s *service) end(account *driver.Account, c client, do func() error) answer {
	if c.app != account.App() {
		return failed(http.StatusBadRequest, "unauthorized_client", "the token was given to another client")
	}
	if err := do(); err != nil {
		return s.storeFailed(err)
	}
	return ok(struct{}{})
}
