package jwt

import (
	"os"
	"strconv"

	"github.com/eolinker/eosc/log"
)

// limits bound the work that one request can cause.
type limits struct {
	body int // the longest body that is read for a token, in bytes
}

// The environment variables that operators can set for the whole process, and their defaults.
const (
	// EnvBodyLimit is the longest body that is read for a token, in bytes. Default 1 MiB, at most 64 MiB.
	EnvBodyLimit = "APINTO_JWT_BODY_LIMIT"

	defaultBodyLimit = 1 << 20
	mostBodyLimit    = 64 << 20
)

// limitsFromEnv reads the limits once, when the driver is made.
func limitsFromEnv() limits {
	return limits{body: intFromEnv(EnvBodyLimit, defaultBodyLimit, mostBodyLimit)}
}

// intFromEnv reads a number between 1 and most; anything else is the default, with a warning.
func intFromEnv(name string, otherwise, most int) int {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		log.Warnf("[jwt] %s must be a whole number from 1 to %d; %d is used", name, most, otherwise)
		return otherwise
	}
	return n
}
