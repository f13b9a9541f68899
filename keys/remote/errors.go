package remote

import (
	"errors"

	"apinto-jwt/keys/remote/internal/diskcache"
	"apinto-jwt/keys/remote/internal/origin"
)

// What can be wrong with a key set that is fetched. Errors of this package wrap one of them, or one of package keys, or
// one of net/http; test with errors.Is.
var (
	// ErrURL: a URL that is not allowed, by its form, scheme or host.
	ErrURL = origin.ErrURL
	// ErrRange: a duration that is out of range.
	ErrRange = errors.New("is out of range")
	// ErrCA: a certificate authority that cannot be read.
	ErrCA = origin.ErrCA
	// ErrAlgorithms: no algorithm that keys could be used for.
	ErrAlgorithms = errors.New("lists no algorithm")
	// ErrRedirect: a redirect to another host, to http, or one too many.
	ErrRedirect = origin.ErrRedirect
	// ErrStatus: an answer with a status other than 200.
	ErrStatus = origin.ErrStatus
	// ErrTooLarge: an answer of more bytes than a key set may have.
	ErrTooLarge = origin.ErrTooLarge
	// ErrDiscovery: an OpenID Connect discovery document that cannot be used.
	ErrDiscovery = origin.ErrDiscovery
	// ErrIssuer: a discovery document of another issuer.
	ErrIssuer = origin.ErrIssuer
	// ErrTooOld: the last good set is older than it may become.
	ErrTooOld = errors.New("is too old")
	// ErrFile: a file on disk that is not what was written.
	ErrFile = diskcache.ErrFile
	// errInternal: a panic.
	errInternal = errors.New("internal error")
)
