// Package jwttoken is the plugin "token" of the Apinto API gateway: on a route that the administrator makes, it is an
// endpoint that gives out tokens of the rules that have "issue", refreshes and ends them, describes them, publishes
// the keys that they are signed with, or the description of the other endpoints.
//
// Reading it top-down is reading a request. The host calls DoFilter (filter.go); the form and the client's credentials
// are read (form.go, client.go); the grant is judged (grant.go, login.go, refresh.go) or the other endpoints' question
// answered (revoke.go, introspect.go, jwks.go, metadata.go); what has to be remembered is in a store (internal/store): of the process,
// or a Redis that all nodes share. The driver asks the store on each request.
package jwttoken

import (
	"crypto/rand"
	"encoding/base64"
	"sync"
	"time"

	"github.com/eolinker/apinto/drivers"
	"github.com/eolinker/apinto/resources"
	"github.com/eolinker/eosc"
	"github.com/eolinker/eosc/common/bean"
	"github.com/eolinker/eosc/log"
	"golang.org/x/crypto/bcrypt"

	driver "apinto-jwt/drivers/auth/jwt"
	"apinto-jwt/drivers/plugins/jwttoken/internal/store"
	"apinto-jwt/revocation"
)

// Name is the extender's name in its project. In the project "jwt" of the group "apinto-jwt" the plugin's ID is
// "apinto-jwt:jwt:token".
const Name = "token"

// Register puts the plugin into an Apinto build, and the driver that it needs too. Like the driver's Register it must be
// called in every process of the gateway that knows drivers, which extends.AddInnerExtendProject does.
func Register(register eosc.IExtenderDriverRegister) {
	driver.Register(register)
	d, _ := driver.Installed() // by the line before
	if err := register.RegisterExtenderDriver(Name, NewFactory(d)); err != nil {
		log.Errorf("[jwt] the token endpoint cannot be registered: %s", err)
	}
}

// NewFactory makes the endpoints of a process, which give out tokens of the driver's rules.
func NewFactory(d *driver.Driver) eosc.IExtenderDriverFactory {
	o := newShared(d, time.Now)
	bean.Autowired(&o.workers)
	o.serveStores()
	return drivers.NewFactory[Config](o.create)
}

// shared is the state that all endpoints of a process share: a store outlives the endpoints that name it, as a route that is
// saved again makes new ones.
type shared struct {
	driver  *driver.Driver
	workers eosc.IWorkers // the host's workers, outputs among them
	now     func() time.Time
	queue   *loginQueue
	told    sync.Once // that a proxy is not configured
	dummies dummies
	// matches is bcrypt's comparison of a hash with a password.
	matches func(hash, password []byte) error

	mu     sync.Mutex
	stores map[string]*store.Cached // by the ID of the output; "" is the process's own
	placed placements
}

// newShared makes what all endpoints share.
func newShared(d *driver.Driver, now func() time.Time) *shared {
	return &shared{driver: d, now: now, queue: newLoginQueue(), matches: bcrypt.CompareHashAndPassword, stores: make(map[string]*store.Cached)}
}

var _ revocation.Store = (*store.Cached)(nil)

// storeOf returns the store of this name, put in force when it is named first.
func (o *shared) storeOf(cache string) *store.Cached {
	o.mu.Lock()
	defer o.mu.Unlock()
	s, ok := o.stores[cache]
	if ok {
		return s
	}
	if cache == "" {
		s = store.NewCached("of the process", store.NewMemory(o.now), o.now)
	} else {
		find := func() (resources.ICache, bool) { return o.cache(cache) }
		s = store.NewCached(cache, store.NewRedis(find, o.driver.Faults().Caught), o.now)
	}
	o.stores[cache] = s
	o.driver.Accounts().Watch(s)
	return s
}

// serveStores puts the stores in force that rules name, whether or not there are endpoints.
func (o *shared) serveStores() {
	o.driver.Accounts().Stores(func(id string) { o.storeOf(id) })
}

// cache returns the output of this ID. It is looked up each time: the host may replace it, or make it after the endpoint.
func (o *shared) cache(id string) (resources.ICache, bool) {
	if o.workers == nil {
		return nil, false
	}
	worker, ok := o.workers.Get(id)
	if !ok {
		return nil, false
	}
	cache, ok := worker.(resources.ICache)
	return cache, ok
}

// create makes an endpoint of a configuration. It never fails, because the host leaves a plugin that cannot be created
// out of the chain, and the request would go on to whatever the route has behind it: an endpoint whose configuration is
// faulty answers that it is not available.
func (o *shared) create(id, name string, config *Config, _ map[eosc.RequireId]eosc.IWorker) (eosc.IWorker, error) {
	e := &endpoint{WorkerBase: drivers.Worker(id, name), shared: o}
	if err := e.configure(config); err != nil {
		log.Errorf("[jwt] endpoint %s answers no request: %s", id, err)
	}
	return e, nil
}

// random is n random bytes, base64url.
func random(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails, by its documentation
	return base64.RawURLEncoding.EncodeToString(b)
}
