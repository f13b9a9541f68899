package jwt

import (
	"sync"
	"sync/atomic"

	"github.com/eolinker/apinto/application/auth"
	"github.com/eolinker/eosc"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/accounts"
	"apinto-jwt/drivers/internal/authn"
	"apinto-jwt/drivers/internal/panics"
	"apinto-jwt/rule"
)

// driver has all that the authenticators of a process share.
type driver struct {
	*authn.Authenticator
	id       string // ID of the authenticators whose rules are in force; no rule has it.
	compiler rule.Compiler
	accounts *accounts.Accounts
	// origin says where the configuration comes from that the host hands over now.
	origin func() rule.Origin
	// workers is the host's list. The admin process injects it when what is stored has been loaded; nil until then.
	workers eosc.IWorkers
}

// The one piece of package state: the driver that Register put into the host, once.
var (
	registered sync.Once
	installed  atomic.Pointer[driver]
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

// InstalledAccounts are those of the driver that Register put into the host; false if there is none yet.
func InstalledAccounts() (*Accounts, bool) {
	if d := installed.Load(); d != nil {
		return d.accounts, true
	}
	return nil, false
}

// AccountsOf are those of a factory that NewFactory made.
func AccountsOf(f auth.IAuthFactory) *Accounts { return f.(*factory).driver.accounts }

// Authenticate authenticates the request with the driver that Register put into the host, as [authn.Authenticator] says.
// A driver that was never registered gives the reason Internal.
func Authenticate(ctx http_service.IHttpContext, counted bool) Result {
	if d := installed.Load(); d != nil {
		return d.Authenticate(ctx, counted)
	}
	return authn.Refused()
}

// Faults counts the panics that were stopped at the boundary to the host in this process: the driver's, and those of the
// plugins that share the counter with it. The status page shows it.
func Faults() *panics.Counter {
	if d := installed.Load(); d != nil {
		return &d.Panics
	}
	return new(panics.Counter)
}

// SelectedBy are the headers that rules in force look for a token in, as Vary names them (RFC 9110 §12.5.5).
func SelectedBy() []string {
	if d := installed.Load(); d != nil {
		return d.SelectedBy()
	}
	return nil
}
