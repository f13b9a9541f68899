package jwttoken

import (
	"net/http"

	http_service "github.com/eolinker/eosc/eocontext/http-context"
)

// resource publishes the metadata of the protected resources that filters have (RFC 9728 §3). The request's path says
// which: the well-known path, and behind it the resource's own.
func (s *service) resource(ctx http_service.IHttpContext) answer {
	request := ctx.Request()
	m, ok := s.driver.Resources().Find(request.URI().Host(), request.URI().Path())
	switch {
	case !ok:
		return failed(http.StatusNotFound, "not_found", "there is no such resource here").crossOrigin()
	case request.Method() == http.MethodOptions:
		return preflight()
	}
	return published(m.Document())
}
