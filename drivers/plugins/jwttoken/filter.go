package jwttoken

import (
	"net/http"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/eolinker/apinto/drivers"
	"github.com/eolinker/eosc"
	"github.com/eolinker/eosc/eocontext"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	driver "apinto-jwt/drivers/auth/jwt"
	"apinto-jwt/drivers/plugins/jwttoken/internal/store"
	"apinto-jwt/internal/appid"
)

// endpoint is one place in the chain of plugins of a route. It answers every request, and passes none on.
type endpoint struct {
	drivers.WorkerBase
	shared *shared
	serves atomic.Pointer[service]
}

// service is a configured endpoint.
type service struct {
	*shared
	accounts    *driver.Accounts
	store       *store.Cached
	methods     []string
	handle      func(*service, http_service.IHttpContext) answer
	trustRealIP bool
	proxies     proxies
	// introspectFor has the names of the applications about whose tokens any client is told.
	introspectFor map[string]bool
	maxSessions   int    // of a user
	maxLogins     int    // of a user, in loginPeriod
	tokenEndpoint string // URL that assertions may be for, beside the issuer; empty: none.
	description   description
}

// endpoints are all kinds of endpoints.
var endpoints = map[string]struct {
	methods []string
	handle  func(*service, http_service.IHttpContext) answer
}{
	"token":      {[]string{http.MethodPost}, (*service).token},
	"revoke":     {[]string{http.MethodPost}, (*service).revoke},
	"introspect": {[]string{http.MethodPost}, (*service).introspect},
	"jwks":       {[]string{http.MethodGet, http.MethodHead}, (*service).jwks},
	"resource":   {[]string{http.MethodGet, http.MethodHead, http.MethodOptions}, (*service).resource},
	"metadata":   {[]string{http.MethodGet, http.MethodHead, http.MethodOptions}, (*service).metadata},
}

var (
	_ eosc.IWorker            = (*endpoint)(nil)
	_ eocontext.IFilter       = (*endpoint)(nil)
	_ http_service.HttpFilter = (*endpoint)(nil)
)

// configure takes a configuration into use. The error wraps ErrConfig; what was served before it is still served.
func (e *endpoint) configure(c *Config) error {
	if err := c.check(); err != nil {
		return err
	}
	trusted, _ := parseProxies(c.TrustedProxies)
	s := &service{
		shared: e.shared, accounts: e.shared.driver.Accounts(), store: e.shared.storeOf(c.store()),
		methods: endpoints[c.Endpoint].methods, handle: endpoints[c.Endpoint].handle, trustRealIP: c.TrustRealIP, proxies: trusted,
		maxSessions: orDefault(c.MaxSessions, defaultSessions), maxLogins: orDefault(c.MaxLogins, defaultLogins),
		introspectFor: make(map[string]bool, len(c.IntrospectFor)),
	}
	if s.tokenEndpoint = c.TokenEndpoint; c.Endpoint == "metadata" {
		s.description = newDescription(c)
	}
	for _, app := range c.IntrospectFor {
		s.introspectFor[appid.Name(app)] = true
	}
	s.store.AllowOnFailure(c.OnStoreFailure == "allow")
	e.shared.placed.put(e.Id(), placement{c.Endpoint, c.store()})
	e.serves.Store(s)
	return nil
}

// of returns the endpoint with the store of the application, which its rules may name.
func (s *service) of(app string) *service {
	id, named := s.accounts.Store(app)
	if !named {
		return s
	}
	own := *s
	own.store = s.storeOf(id)
	return &own
}

// DoFilter takes an HTTP request.
func (e *endpoint) DoFilter(ctx eocontext.EoContext, next eocontext.IChain) error {
	return http_service.DoHttpFilter(e, ctx, next)
}

// DoHttpFilter answers the request. An answer is no error: the host would write a line into its log for each.
func (e *endpoint) DoHttpFilter(ctx http_service.IHttpContext, _ eocontext.IChain) error { //nolint:revive // the host's name for it
	e.answer(ctx).write(ctx)
	return nil
}

// answer returns the answer to the request; a fault of ours is one too.
func (e *endpoint) answer(ctx http_service.IHttpContext) (a answer) {
	defer func() {
		if p := recover(); p != nil {
			e.shared.driver.Faults().Caught("a token endpoint", "the request")
			a = failed(http.StatusInternalServerError, "server_error", "internal error")
		}
	}()
	s := e.serves.Load()
	if s == nil {
		return unavailable("the endpoint is not configured", retryLater)
	}
	if !slices.Contains(s.methods, ctx.Request().Method()) {
		a := failed(http.StatusMethodNotAllowed, "invalid_request", "the method is not allowed")
		return a.with("Allow", strings.Join(s.methods, ", "))
	}
	return s.handle(s, ctx)
}

// Reset takes another configuration, or none of it: the error wraps ErrConfig.
func (e *endpoint) Reset(config any, _ map[eosc.RequireId]eosc.IWorker) error {
	c, err := drivers.Assert[Config](config)
	if err != nil {
		return err
	}
	return e.configure(c)
}

// Start implements eosc.IWorker.
func (e *endpoint) Start() error { return nil }

// Stop implements eosc.IWorker.
func (e *endpoint) Stop() error { return nil }

// Destroy implements eocontext.IFilter. Requests that are on their way still use the endpoint.
func (e *endpoint) Destroy() {}

// CheckSkill implements eosc.IWorker.
func (e *endpoint) CheckSkill(skill string) bool { return skill == http_service.FilterSkillName }
