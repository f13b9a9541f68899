package jwt

import (
	"crypto/rand"
	"fmt"
	"reflect"

	"github.com/eolinker/apinto/application"
	"github.com/eolinker/apinto/application/auth"
	"github.com/eolinker/eosc/utils/schema"

	"apinto-jwt/drivers/internal/accounts"
	"apinto-jwt/drivers/internal/authn"
	"apinto-jwt/drivers/internal/panics"
	"apinto-jwt/drivers/internal/registry"
	"apinto-jwt/keys/remote"
	"apinto-jwt/rule"
)

// factory makes authenticators for the host.
type factory struct {
	driver *Driver
	form   *schema.Schema
}

var _ auth.IAuthFactory = (*factory)(nil)

// NewFactory makes a factory with a registry of its own: its authenticators know nothing of another factory's.
// Key sets are fetched, and not kept on disk.
func NewFactory() auth.IAuthFactory { return newFactory(authn.HostClock()) }

// Of returns the driver of a factory that NewFactory made.
func Of(f auth.IAuthFactory) *Driver { return f.(*factory).driver }

// newFactory is NewFactory with another clock.
func newFactory(c authn.Clock) *factory {
	var f *factory
	f = factoryWith(c, newPool("", func(place string) { f.driver.Panics.Stopped(place) }))
	return f
}

// factoryWith makes a factory with what fetches key sets; nil in a process that serves no requests.
func factoryWith(c authn.Clock, pool *remote.Pool) *factory {
	form, err := schema.Generate(reflect.TypeOf((*Config)(nil)), nil)
	if err != nil { // the type is ours and a test draws it
		panic(fmt.Errorf("the form of the jwt driver cannot be drawn: %w", err))
	}
	salt := make([]byte, 32)
	_, _ = rand.Read(salt) // never fails, by its documentation
	compiler, limits := rule.NewCompiler(salt), limitsFromEnv()
	d := &Driver{
		Authenticator: authn.New(registry.New(pool, c.Now), c, limits.body, limits.cache),
		id:            compiler.Name(nil), // a rule's is that of a digest
		compiler:      compiler,
		origin:        func() rule.Origin { return rule.Saved },
	}
	d.accounts = accounts.New(d.Authenticator)
	return &factory{driver: d, form: form}
}

// Create compiles an entry's rule into an authenticator. It has no effect beside its result, because the host calls it
// several times for each save. The error wraps ErrConfig and lists every fault with its field. A stored entry is never
// refused, as the host would drop its whole application: with a fault it is set aside.
func (f *factory) Create(tokenName string, position string, config any) (a application.IAuth, err error) {
	defer func() {
		if p := recover(); p != nil {
			f.driver.Panics.Caught("Create", panics.Asked)
			a, err = nil, ErrInternal
		}
	}()
	from := f.driver.origin()
	cfg, err := ruleOf(config)
	var r *rule.Rule
	if err == nil {
		r, err = f.driver.compiler.Compile(tokenName, position, cfg, from)
	}
	switch {
	case err == nil:
	case from == rule.Stored:
		r = f.driver.compiler.SetAside(tokenName, position, cfg, err)
	default:
		return nil, err
	}
	return &authenticator{driver: f.driver, rule: r, tokenName: tokenName, position: position, origin: from}, nil
}

// ruleOf is the entry's "config". Beside an error it is empty.
func ruleOf(config any) (*rule.Config, error) {
	base, ok := config.(*application.BaseConfig)
	if !ok || base == nil { // the host passes a nil *BaseConfig if "config" is missing
		return new(rule.Config), fmt.Errorf("%w: config: missing; give at least algorithm and its key", ErrConfig)
	}
	cfg, ok := base.Config().(*rule.Config)
	if !ok || cfg == nil {
		return new(rule.Config), fmt.Errorf("%w: config: must be an object", ErrConfig)
	}
	return cfg, nil
}

// Alias lists the names by which the header Authorization-Type may ask for the driver.
func (f *factory) Alias() []string { return []string{Name} }

// Render is the dashboard's form.
func (f *factory) Render() any { return f.form }

// ConfigType is the type of an entry's "config".
func (f *factory) ConfigType() reflect.Type { return reflect.TypeOf((*rule.Config)(nil)) }

// UserType is the type of an entry's "users".
func (f *factory) UserType() reflect.Type { return reflect.TypeOf((*rule.User)(nil)) }

// PreRouters is empty: the driver has no endpoints of its own.
func (f *factory) PreRouters() []*auth.PreRouter { return nil }
