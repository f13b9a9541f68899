package jwttoken

import (
	"net/http"

	http_service "github.com/eolinker/eosc/eocontext/http-context"

	driver "apinto-jwt/drivers/auth/jwt"
)

// revoke is the revocation endpoint (RFC 7009). A refresh token ends its family with all access tokens of it, an access
// token ends alone.
func (s *service) revoke(ctx http_service.IHttpContext) answer {
	f, c, refused := readRequest(ctx)
	switch {
	case refused != nil:
		return *refused
	case c.app == "":
		return *unauthorized("client_id is needed")
	case f["token"] == "":
		return bad("invalid_request", "token is needed")
	}
	s = s.of(c.app)
	if c.password != "" {
		if _, refused := s.authenticate(ctx, c); refused != nil {
			return *refused
		}
	}
	if r, account, known := s.openRefresh(f["token"]); known {
		return s.end(account, c, func() error {
			err := s.watch.end(r.Family, r.keepEnded(account))
			s.watch.learnUnless(err, wholeFamily(r.Family), s.now().Add(r.keepEnded(account)))
			return err
		})
	}
	now := s.now()
	v, account, known := s.desk.Verify(f["token"], now)
	if !known || v.ID() == "" {
		return ok(struct{}{}) // nothing that could be used (RFC 7009 §2.2)
	}
	return s.end(account, c, func() error {
		expires := v.Expires().Time()
		err := s.watch.revoke(v.ID(), expires.Sub(now)+mostLeeway)
		s.watch.learnUnless(err, v.ID(), expires.Add(mostLeeway))
		return err
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
