package jwt

import (
	"os"
	"strconv"

	"github.com/eolinker/eosc/log"
)

// limits bound the work that one request can cause.
type limits struct {
	body  int // the longest body that is read for a token, in bytes
	cache int // the size of the cache of verified tokens, in bytes; 0: none
}

// The environment variables that operators can set for the whole process, and their defaults.
const (
	// EnvBodyLimit is the longest body that is read for a token, or for a message to an MCP server, in bytes. Default 1 MiB, at most 64 MiB.
	EnvBodyLimit = "APINTO_JWT_BODY_LIMIT"

	// EnvCacheBytes is the size of the cache of verified tokens, in bytes; 0: none. Default 64 MiB, at most 16 GiB.
	EnvCacheBytes = "APINTO_JWT_CACHE_BYTES"

	defaultBodyLimit  = 1 << 20
	mostBodyLimit     = 64 << 20
	defaultCacheBytes = 64 << 20
	mostCacheBytes    = 16 << 30
)

// limitsFromEnv reads the limits once, when the driver is made.
func limitsFromEnv() limits {
	return limits{
		body:  intFromEnv(EnvBodyLimit, defaultBodyLimit, 1, mostBodyLimit),
		cache: intFromEnv(EnvCacheBytes, defaultCacheBytes, 0, mostCacheBytes),
	}
}

// intFromEnv reads a number from least to most; anything else is the default, with a warning.
func intFromEnv(name string, otherwise, least, most int) int {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		log.Warnf("[jwt] %s must be a whole number from %d to %d; %d is used", name, least, most, otherwise)
		return otherwise
	}
	return n
}
