package jwttoken

import (
	"errors"
	"net/http"
	"strings"
	"time"

	http_service "github.com/eolinker/eosc/eocontext/http-context"
	"github.com/eolinker/eosc/log"

	driver "apinto-jwt/drivers/auth/jwt"
	"apinto-jwt/drivers/internal/issuance"
	"apinto-jwt/drivers/plugins/jwttoken/internal/store"
)

// granted is the answer that gives out tokens (RFC 6749 §5.1).
type granted struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int64  `json:"expires_in"`
	RefreshToken string `json:"refresh_token,omitempty"`
	Scope        string `json:"scope,omitempty"`
}

// token serves the token endpoint (RFC 6749 §3.2).
func (s *service) token(ctx http_service.IHttpContext) answer {
	f, c, refused := readRequest(ctx)
	if refused != nil {
		return *refused
	}
	if c.bearer != "" {
		return *unauthorized("the scheme of Authorization is not Basic")
	}
	s = s.of(c.app)
	switch f["grant_type"] {
	case "password":
		return s.grantPassword(ctx, f, c)
	case "client_credentials":
		return s.grantClient(ctx, f, c)
	case "refresh_token":
		return s.grantRefresh(f, c)
	case "":
		return bad("invalid_request", "grant_type is missing")
	}
	return bad("unsupported_grant_type", "grant_type must be password, client_credentials or refresh_token")
}

// grantPassword serves the grant "password" (RFC 6749 §4.3). The client is public: it has no password of its own.
func (s *service) grantPassword(ctx http_service.IHttpContext, f form, c client) answer {
	switch {
	case c.password != "" || c.user != "":
		return *unauthorized("an application has no password; give client_id alone")
	case c.app == "" || f["username"] == "" || f["password"] == "":
		return bad("invalid_request", "client_id, username and password are needed")
	}
	if tooMany := s.known(s.logins(c.app, f["username"])); tooMany != nil {
		return *tooMany
	}
	account, refused := s.login(c.app, f["username"], f["password"], s.address(ctx))
	if refused != nil {
		return *refused
	}
	if account == nil {
		return bad("invalid_grant", "the application, the user or the password is wrong")
	}
	return s.begin(account, f, account.RefreshTTL() > 0)
}

// grantClient serves the grant "client_credentials" (RFC 6749 §4.4), which gives no refresh token.
func (s *service) grantClient(ctx http_service.IHttpContext, f form, c client) answer {
	if tooMany := s.known(s.logins(c.app, s.userOf(c))); tooMany != nil {
		return *tooMany
	}
	account, refused := s.authenticate(ctx, c)
	if refused != nil {
		return *refused
	}
	return s.begin(account, f, false)
}

// begin gives out the first tokens of a family.
func (s *service) begin(account *driver.Account, f form, refresh bool) answer {
	s = s.of(account.App()) // the application may have come into force after the request was taken up
	if !scopeAllowed(account, f) {
		return bad("invalid_scope", "the scope cannot be asked for")
	}
	if tooMany := s.countLogin(account.App(), account.User()); tooMany != nil {
		return *tooMany
	}
	now := s.now()
	by := owner(account.App(), account.User())
	family := store.NewFamily(by)
	g, err := mint(account, family, now)
	if err != nil {
		return s.mintFailed(account, err, now)
	}
	if refresh {
		r := newRefresh(account, family, now)
		if err := s.store.Begin(family, by, s.maxSessions, r.keep(account)); err != nil {
			return s.storeFailed(err)
		}
		g.RefreshToken = r.seal(account)
	}
	return ok(g)
}

// scopeAllowed reports whether the scope that is asked for is in the one that the rule gives to all its tokens.
func scopeAllowed(account *driver.Account, f form) bool {
	has := strings.Fields(account.Scope())
	for _, scope := range strings.Fields(f["scope"]) {
		found := false
		for _, h := range has {
			found = found || h == scope
		}
		if !found {
			return false
		}
	}
	return true
}

// mint makes an access token of a family.
func mint(account *driver.Account, family string, now time.Time) (granted, error) {
	raw, lifetime, err := account.Mint(issuance.NewTokenID(family), now)
	return granted{
		AccessToken: raw, TokenType: "Bearer", ExpiresIn: int64(lifetime / time.Second), Scope: account.Scope(),
	}, err
}

// mintFailed returns the answer if a token would be ended from the beginning; or if a rule does not accept what it made,
// which is a fault of its configuration.
func (s *service) mintFailed(account *driver.Account, err error, now time.Time) answer {
	if errors.Is(err, driver.ErrHeld) {
		return unavailable("tokens of the user are ended until later", account.Held(now))
	}
	log.Errorf("[jwt] no token can be made for a user of application %s: %s", account.App(), err)
	return failed(http.StatusInternalServerError, "server_error", "the token cannot be made")
}

// storeFailed returns the answer if the store does not answer: without it nothing is given out.
func (s *service) storeFailed(err error) answer {
	s.store.RecordFailure(err)
	return unavailable("the store does not answer", retryLater)
}

// deliver makes the answer that carries the next refresh token. From now on its client can be expected to have it: a store
// that cannot be told so lets the used token come again for longer.
func (s *service) deliver(used refresh, text []byte) answer {
	if err := s.store.Delivered(used.Family, used.Generation); err != nil {
		s.store.LogFailure(err)
	}
	return okJSON(text)
}

// grantRefresh serves the grant "refresh_token" (RFC 6749 §6). Each refresh token is good for one use: one that comes back
// has been stolen, from the client or by it, and ends the family (RFC 9700 §4.14.2).
func (s *service) grantRefresh(f form, c client) answer {
	if f["refresh_token"] == "" {
		return bad("invalid_request", "refresh_token is needed")
	}
	if c.password != "" || c.user != "" {
		return *unauthorized("an application has no password; give client_id alone")
	}
	now := s.now()
	r, account, known := s.openRefresh(f["refresh_token"])
	s = s.of(r.App)
	const refusal = "the refresh token is not valid, has expired or was used before"
	if !known || !r.usable(account, now) || c.app != "" && c.app != account.App() {
		return bad("invalid_grant", refusal)
	}
	if !scopeAllowed(account, f) {
		return bad("invalid_scope", "the scope cannot be asked for")
	}
	g, err := mint(account, r.Family, now)
	if err != nil {
		return s.mintFailed(account, err, now)
	}
	next := r.next(account, now)
	g.RefreshToken = next.seal(account)
	text := ok(g).body
	sealed, err := sealAnswer(account, f["refresh_token"], text)
	if err != nil {
		return s.mintFailed(account, err, now)
	}
	rotation, err := s.store.Rotate(r.Family, r.Generation, sealed, next.keep(account))
	if err != nil {
		return s.storeFailed(err)
	}
	switch rotation.Outcome {
	case store.Rotated:
		return s.deliver(r, text)
	case store.Repeated:
		if text, err = openAnswer(account, f["refresh_token"], rotation.Answer); err == nil {
			return s.deliver(r, text)
		}
	case store.Reused:
		s.store.RecordEnded(r.Family, next.keepEnded(account))
		log.Warnf("[jwt] a used refresh token of application %s came back: its session is ended", account.App())
	}
	return bad("invalid_grant", refusal)
}
