package origin

import "errors"

// What can be wrong with a fetch. Errors of this package wrap one of them, or one of package keys or of net/http.
var (
	// ErrURL: a URL that is not allowed, by its form, scheme or host.
	ErrURL = errors.New("is not allowed")
	// ErrCA: a certificate authority that cannot be read.
	ErrCA = errors.New("is not a certificate in PEM")
	// ErrRedirect: a redirect to another host, to http, or one too many.
	ErrRedirect = errors.New("a redirect is not followed")
	// ErrStatus: an answer with a status other than 200.
	ErrStatus = errors.New("unexpected status")
	// ErrTooLarge: an answer of more bytes than a key set may have.
	ErrTooLarge = errors.New("the answer is too large")
	// ErrDiscovery: an OpenID Connect discovery document that cannot be used.
	ErrDiscovery = errors.New("the discovery document cannot be used")
	// ErrIssuer: a discovery document of another issuer.
	ErrIssuer = errors.New("the discovery document is of another issuer")
)
