// Package hosthttp is the HTTP request behind the host's interface: what the interface folds away (request.go,
// fieldname.go), bodies that nobody has read (unread.go), answers that belong to one user alone (private.go,
// cachecontrol.go), and streams (stream.go).
package hosthttp

import "github.com/valyala/fasthttp"

// rawRequest is the part of the host's requests that their interface does not have. Through it repeated headers can be seen, which
// the interface folds into one, and nothing is copied into maps.
type rawRequest interface{ Request() *fasthttp.Request }

// SetLength has an empty body announced as one. fasthttp sends the length that came with a GET or HEAD request whose body
// has been taken away, and the upstream would take the next request on the connection for the body (RFC 9112 §6.3).
func SetLength(r *fasthttp.Request) {
	if !r.IsBodyStream() && len(r.Body()) == 0 {
		r.Header.SetContentLength(0)
	}
}

// Raw returns the request behind the interface, nil if it cannot be had. It takes ctx.Request(), the client's request,
// or ctx.Proxy(), the one that goes to the upstream.
func Raw(request any) *fasthttp.Request {
	if r, ok := request.(rawRequest); ok {
		return r.Request()
	}
	return nil
}
