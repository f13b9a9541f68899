package hosthttp

import (
	http_context "github.com/eolinker/apinto/node/http-context"
	http_service "github.com/eolinker/eosc/eocontext/http-context"
)

// FlushHead has the head of a streamed answer sent at once. The host leaves it until the upstream has sent the first part
// of the body, which may take its time; the client would not know that its stream is open.
func FlushHead(ctx http_service.IHttpContext) {
	if r, ok := ctx.Response().(*http_context.Response); ok && r.Response != nil {
		r.ImmediateHeaderFlush = true
	}
}
