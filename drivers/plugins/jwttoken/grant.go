package jwttoken

import (
	"cmp"
	"errors"
	"net/http"
	"reflect"
	"time"

	http_service "github.com/eolinker/eosc/eocontext/http-context"
	"github.com/eolinker/eosc/log"

	driver "apinto-jwt/drivers/auth/jwt"
	"apinto-jwt/drivers/internal/issuance"
	"apinto-jwt/drivers/plugins/jwttoken/internal/store"
	"apinto-jwt/rule"
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
	switch f.get("grant_type") {
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
	case c.authenticates():
		return *unauthorized("an application has no password; give client_id alone")
	case c.app == "" || f.get("username") == "" || f.get("password") == "":
		return bad("invalid_request", "client_id, username and password are needed")
	}
	if tooMany := s.known(s.logins(c.app, f.get("username"))); tooMany != nil {
		return *tooMany
	}
	account, refused := s.login(c.app, f.get("username"), f.get("password"), s.address(ctx))
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
	what, refused := grantedAtLogin(account, f)
	if refused != nil {
		return *refused
	}
	if tooMany := s.countLogin(account.App(), account.User()); tooMany != nil {
		return *tooMany
	}
	now := s.now()
	by := owner(account.App(), account.User())
	family := store.NewFamily(by)
	g, err := mint(account, family, what, now)
	if err != nil {
		return s.mintFailed(account, what, err, now)
	}
	if refresh {
		r := newRefresh(account, family, what, now)
		if err := s.store.Begin(family, by, s.maxSessions, r.keep(account)); err != nil {
			return s.storeFailed(err)
		}
		g.RefreshToken = r.seal(account)
	}
	return ok(g)
}

// mint makes an access token of a family.
func mint(account *driver.Account, family string, what rule.Grant, now time.Time) (granted, error) {
	raw, lifetime, err := account.Mint(issuance.NewTokenID(family), what, now)
	return granted{
		AccessToken: raw, TokenType: "Bearer", ExpiresIn: int64(lifetime / time.Second), Scope: cmp.Or(what.Scope, account.Scope()),
	}, err
}

// mintFailed returns the answer if a token would be ended from the beginning; or if a rule does not accept what it made:
// because less was asked for than it demands, or by a fault of its configuration.
func (s *service) mintFailed(account *driver.Account, what rule.Grant, err error, now time.Time) answer {
	if errors.Is(err, driver.ErrHeld) {
		return unavailable("tokens of the user are ended until later", account.Held(now))
	}
	if refused := refusedNarrow(what, err); refused != nil {
		return *refused
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
func (s *service) deliver(used refresh, g granted) *answer {
	if err := s.store.Delivered(used.Family, used.Generation); err != nil {
		s.store.LogFailure(err)
	}
	a := ok(g)
	return &a
}

// grantRefresh serves the grant "refresh_token" (RFC 6749 §6). Each refresh token is good for one use: one that comes back
// has been stolen, from the client or by it, and ends the family (RFC 9700 §4.14.2).
func (s *service) grantRefresh(f form, c client) answer {
	if f.get("refresh_token") == "" {
		return bad("invalid_request", "refresh_token is needed")
	}
	if c.authenticates() {
		return *unauthorized("an application has no password; give client_id alone")
	}
	now := s.now()
	r, account, known := s.openRefresh(f.get("refresh_token"))
	s = s.of(r.App)
	const refusal = "the refresh token is not valid, has expired or was used before"
	if !known || !r.usable(account, now) || c.app != "" && c.app != account.App() {
		return bad("invalid_grant", refusal)
	}
	what, refused := grantedAtRefresh(account, r, f)
	if refused != nil {
		return *refused
	}
	g, err := mint(account, r.Family, what, now)
	if err != nil {
		return s.mintFailed(account, what, err, now)
	}
	next := r.next(account, now)
	g.RefreshToken = next.seal(account)
	if a := s.rotate(account, r, next, kept{what, g}, f.get("refresh_token")); a != nil {
		return *a
	}
	return bad("invalid_grant", refusal)
}

// kept is what the store keeps of the answer to a refresh: what was granted, and the answer.
type kept struct {
	What   rule.Grant
	Answer granted
}

// rotate puts the next refresh token in place of the used one, and returns the answer; nil if the used one is not good.
func (s *service) rotate(account *driver.Account, r, next refresh, k kept, used string) *answer {
	sealed, err := sealAnswer(account, used, k)
	if err != nil {
		a := s.mintFailed(account, rule.Grant{}, err, s.now())
		return &a
	}
	rotation, err := s.store.Rotate(r.Family, r.Generation, sealed, next.keep(account))
	if err != nil {
		a := s.storeFailed(err)
		return &a
	}
	switch rotation.Outcome {
	case store.Rotated:
		return s.deliver(r, k.Answer)
	case store.Repeated:
		before, err := openAnswer(account, used, rotation.Answer)
		if err != nil {
			return nil
		}
		if reflect.DeepEqual(before.What, k.What) {
			return s.deliver(r, before.Answer)
		}
		k.Answer.RefreshToken = before.Answer.RefreshToken // the access token is for what is asked for now
		return s.deliver(r, k.Answer)
	case store.Reused:
		s.store.RecordEnded(r.Family, next.keepEnded(account))
		log.Warnf("[jwt] a used refresh token of application %s came back: its session is ended", account.App())
	}
	return nil
}
