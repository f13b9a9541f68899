package jwttoken

import (
	"errors"
	"fmt"

	"github.com/eolinker/eosc"
)

// ErrConfig is a configuration that cannot be used. The text names the field.
var ErrConfig = errors.New("invalid token endpoint config")

// Config is what one endpoint is. The dashboard's form is drawn from it.
type Config struct {
	// Endpoint is what it answers: "token" gives out and refreshes tokens (RFC 6749), "revoke" ends them (RFC 7009),
	// "introspect" tells about them (RFC 7662), "jwks" publishes the public keys (RFC 7517 §5).
	Endpoint string `json:"endpoint" label:"端点" enum:"token,revoke,jwks,introspect" required:"true"`
	// Cache is the ID of a Redis output ("redis@output"), whose sessions, revocations and counters all nodes share.
	// Default: the process's own, which no other node sees and a restart ends.
	Cache eosc.RequireId `json:"cache" label:"缓存" skill:"github.com/eolinker/apinto/resources.resources.ICache" required:"false" description:"Redis 输出的 ID；为空则使用进程内存储"`
	// OnStoreFailure is what requests with a token meet while Cache does not answer: with "deny", tokens that this
	// process knows to be revoked stay refused, with "allow" only those of the hashes jwt_revoked and jwt_not_before. All
	// others are accepted either way. Endpoints that name the same Cache share the setting: the last one saved counts.
	// Default "deny".
	OnStoreFailure string `json:"on_store_failure" label:"存储故障时" enum:"deny,allow" default:"deny"`
	// TrustRealIP counts failed logins by the header X-Real-IP instead of the address of the connection: right only
	// behind a proxy that sets the header. Default false.
	TrustRealIP bool `json:"trust_real_ip" label:"信任 X-Real-IP" description:"仅当前置代理会设置该请求头时开启"`
}

// check tells what is wrong with the configuration. The error wraps ErrConfig.
func (c *Config) check() error {
	if _, ok := endpoints[c.Endpoint]; !ok {
		return fmt.Errorf("%w: endpoint: must be token, revoke, jwks or introspect", ErrConfig)
	}
	switch c.OnStoreFailure {
	case "", "deny", "allow":
		return nil
	}
	return fmt.Errorf("%w: on_store_failure: must be deny or allow", ErrConfig)
}
