package gate

import (
	"os"
	"strconv"

	"github.com/eolinker/apinto/application/auth"
	"github.com/eolinker/apinto/application/auth/apikey"
	builtin "github.com/eolinker/apinto/application/auth/jwt"

	"apinto-jwt/drivers/auth/jwt"
)

// envCache bounds the driver's cache of verified tokens, in bytes; 0 switches it off. It is read when a factory is
// made.
const envCache = "APINTO_JWT_CACHE_BYTES"

// Ours returns the driver of this project with its default cache.
func Ours() auth.IAuthFactory { return jwt.NewFactory() }

// OursWithCache returns the driver with a cache of this many bytes.
func OursWithCache(bytes int) auth.IAuthFactory {
	former, set := os.LookupEnv(envCache)
	_ = os.Setenv(envCache, strconv.Itoa(bytes)) // neither name nor value can be refused
	defer func() {
		if set {
			_ = os.Setenv(envCache, former)
		} else {
			_ = os.Unsetenv(envCache)
		}
	}()
	return jwt.NewFactory()
}

// apiKeyName is the host's name of its driver for API keys.
const apiKeyName = "apikey"

// Builtin returns the host's own driver for JWT.
func Builtin() auth.IAuthFactory { return builtin.NewFactory() }

// APIKey returns the host's driver for API keys.
func APIKey() auth.IAuthFactory { return apikey.NewFactory() }
