package jwt

import (
	"sync"
	"sync/atomic"

	"github.com/eolinker/eosc"

	"apinto-jwt/drivers/internal/accounts"
	"apinto-jwt/drivers/internal/authn"
	"apinto-jwt/drivers/internal/issuance"
	"apinto-jwt/drivers/internal/panics"
	"apinto-jwt/drivers/internal/resource"
	"apinto-jwt/rule"
)

// Name is the authentication type that the driver registers.
const Name = "jwt"

// Driver is what all authenticators of a process share, and what the plugins beside it ask. It authenticates requests as
// [authn.Authenticator] says.
type Driver struct {
	*authn.Authenticator
	id       string // ID of the authenticators whose rules are in force; no rule has it.
	compiler rule.Compiler
	accounts *accounts.Accounts
	// resources are those of the filters.
	resources resource.Table
	// origin says where the configuration comes from that the host hands over now.
	origin func() rule.Origin
	// workers is the host's list. The admin process injects it when what is stored has been loaded; nil until then.
	workers eosc.IWorkers
	// guard keeps web pages from the admin address.
	guard adminGuard
	// watchers counts those who follow the refusals.
	watchers atomic.Int32
}

// The one piece of package state: the driver that Register put into the host, once.
var (
	registered sync.Once
	installed  atomic.Pointer[Driver]
)

// The labels of a request. They reach the access log.
const (
	LabelResult      = authn.LabelResult
	LabelKeyID       = authn.LabelKeyID
	LabelFingerprint = authn.LabelFingerprint
	LabelHint        = authn.LabelHint
)

// Result of authenticating a request.
type Result = authn.Result

// Accounts knows the users who may get tokens.
type Accounts = accounts.Accounts

// Account is a user who may have tokens of the gateway.
type Account = accounts.Account

// Faults counts the panics that were stopped at the boundary to the host: the driver's, and those of the plugins that
// share the counter with it. The status page shows it.
type Faults = panics.Counter

// Installed returns the driver that Register put into the host; false if there is none yet.
func Installed() (*Driver, bool) {
	d := installed.Load()
	return d, d != nil
}

// Accounts are the users of the rules in force who may get tokens.
func (d *Driver) Accounts() *Accounts { return d.accounts }

// Resources are the protected resources of the filters (RFC 9728).
func (d *Driver) Resources() *resource.Table { return &d.resources }

// Signers are the keys that the gateway signs with, and has signed with.
func (d *Driver) Signers() *issuance.Signers { return d.Registry.Signers }

// Faults counts the panics that were stopped.
func (d *Driver) Faults() *Faults { return &d.Panics }
