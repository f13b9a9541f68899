// Package jwt is the authentication type "jwt" of the Apinto API gateway: it replaces the builtin of that name.
//
// It is the host's side of the driver; what only the host's oddities demand stands in hostquirks.go. The host asks an
// authenticator (authenticator.go) about a request, which package authn authenticates. Plugins ask the Driver (driver.go). What the host saves arrives at the factory (factory.go), and package registry puts it in force.
package jwt

import (
	"path/filepath"

	"github.com/eolinker/apinto/application/auth"
	"github.com/eolinker/apinto/drivers/app"
	"github.com/eolinker/eosc"
	"github.com/eolinker/eosc/common/bean"
	"github.com/eolinker/eosc/env"
	"github.com/eolinker/eosc/log"

	"apinto-jwt/drivers/internal/authn"
	"apinto-jwt/keys/remote"
)

// Register puts the driver into an Apinto build in place of the builtin "jwt". It may be called before or after the
// host's own drivers are registered, and more than once. It must be called in every process of the gateway that
// knows drivers (worker, admin, helper), which extends.AddInnerExtendProject does.
func Register(eosc.IExtenderDriverRegister) {
	registered.Do(func() {
		// The builtin registers itself in here, once; after it, the last registration of a name counts.
		app.NewFactory()
		var f *factory
		f = factoryWith(authn.HostClock(), poolOfProcess(func(place string) { f.driver.Panics.Stopped(place) }))
		auth.FactoryRegister(Name, f)
		hashes := new(hostHashes)
		bean.Autowired(&hashes.ICustomerVar)
		bean.Autowired(&f.driver.workers)
		f.driver.origin = f.driver.hostOrigin
		f.driver.Registry.Silent = !serves()
		f.driver.Revocations.Hashes, f.driver.Revocations.Follows = hashes, serves()
		f.driver.Registry.Saves = !serves()
		if serves() {
			f.driver.Registry.Signers.Keep(keysDir(), f.driver.Clock.Now, f.driver.Revocations.Panicked)
		}
		f.driver.guard = newAdminGuard()
		installed.Store(f.driver)
		listOnce()
		if err := f.driver.serveStatus(); err != nil {
			log.Warnf("[jwt] the status page is not there: %s", err)
		}
	})
}

// poolOfProcess fetches key sets and keeps them with the gateway's data; nil in a process that serves no requests.
func poolOfProcess(panicked func(place string)) *remote.Pool {
	if !serves() {
		return nil
	}
	return newPool(keysDir(), panicked)
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
