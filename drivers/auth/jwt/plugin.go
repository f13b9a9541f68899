// Package jwt is the authentication type "jwt" of the Apinto API gateway: it replaces the builtin of that name.
//
// Reading it top-down is reading a request. The host calls [application.IAuth.GetUser] of an authenticator
// (authenticator.go); the request is resolved once (walk.go): found at its locations (package bearer), parsed (package
// token) and verified (verify.go) with the keys that the indexes offer (package registry), judged by the rules that have
// its user (verdict.go). What the host saves arrives at the factory (factory.go) and is put in force by the registry.
package jwt

import (
	"path/filepath"
	"sync"
	"sync/atomic"

	"github.com/eolinker/apinto/application/auth"
	"github.com/eolinker/apinto/drivers/app"
	"github.com/eolinker/eosc"
	"github.com/eolinker/eosc/common/bean"
	"github.com/eolinker/eosc/env"
	"github.com/eolinker/eosc/log"

	"apinto-jwt/keys/remote"
)

// The one piece of package state: the driver that Register put into the host, once.
var (
	registered sync.Once
	installed  atomic.Pointer[driver]
)

// Register puts the driver into an Apinto build in place of the builtin "jwt". It may be called before or after the
// host's own drivers are registered, and more than once. It must be called in every process of the gateway that
// knows drivers (worker, admin, helper), which extends.AddInnerExtendProject does.
func Register(eosc.IExtenderDriverRegister) {
	registered.Do(func() {
		// The builtin registers itself in here, once; after it, the last registration of a name counts.
		app.NewFactory()
		f := factoryWith(hostClock(), poolOfProcess())
		auth.FactoryRegister(Name, f)
		hashes := new(hostHashes)
		bean.Autowired(&hashes.ICustomerVar)
		bean.Autowired(&f.driver.workers)
		f.driver.origin = f.driver.hostOrigin
		f.driver.registry.Silent = !serves()
		f.driver.revocations.Hashes, f.driver.revocations.Follows = hashes, serves()
		f.driver.registry.Saves = !serves()
		if serves() {
			f.driver.registry.Signers.Keep(keysDir(), f.driver.clock.now, f.driver.revocations.Panicked)
		}
		installed.Store(f.driver)
		listOnce()
		if err := f.driver.serveStatus(); err != nil {
			log.Warnf("[jwt] the status page is not there: %s", err)
		}
	})
}

// listOnce keeps GET /setting/auth from showing "jwt" twice. The host's registry appends a name each time one is
// registered, and lists those that have a form; auth.Keys hands out its own list, in which the second "jwt" is turned
// into a name that has none. Registering another setting in its place would work only until the host registers its
// own, whose order is not fixed.
func listOnce() {
	seen := make(map[string]bool)
	names := auth.Keys()
	for i, name := range names {
		if seen[name] {
			names[i] = ""
		}
		seen[name] = true
	}
}

// poolOfProcess fetches key sets and keeps them with the gateway's data; nil in a process that serves no requests.
func poolOfProcess() *remote.Pool {
	if !serves() {
		return nil
	}
	return newPool(keysDir())
}

// keysDir is where public keys are kept for the next start, with the gateway's data.
func keysDir() string { return filepath.Join(env.DataDir(), "jwt-keys") }

// hostHashes are the host's hashes, which its container puts in before the first request.
type hostHashes struct{ eosc.ICustomerVar }

// GetAll implements [revocation.Hashes].
func (h *hostHashes) GetAll(name string) (map[string]string, bool) {
	if h.ICustomerVar == nil {
		return nil, false
	}
	return h.ICustomerVar.GetAll(name)
}
