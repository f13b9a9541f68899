package jwttoken

import (
	"net/http"

	http_service "github.com/eolinker/eosc/eocontext/http-context"
	"github.com/eolinker/eosc/log"

	"apinto-jwt/keys"
)

// jwks publishes the public keys of all rules that issue with key pairs, and of the upstreams' tokens of all filters, as a JWK Set
// (RFC 7517 §5). Clients may keep it for five minutes.
func (s *service) jwks(http_service.IHttpContext) answer {
	text, err := keys.EncodeJWKS(s.accounts.Keys())
	if err != nil {
		log.Errorf("[jwt] the key set cannot be written: %s", err)
		return failed(http.StatusInternalServerError, "server_error", "the key set cannot be written")
	}
	a := answer{status: http.StatusOK, body: text}
	return a.with("Content-Type", "application/jwk-set+json").with("Cache-Control", "public, max-age=300")
}
