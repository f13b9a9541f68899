package hosthttp

import (
	"errors"
	"net/http"
	"strings"

	"github.com/eolinker/eosc/eocontext"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/panics"
)

// privateKey finds the mark among a request's values.
var privateKey any = new(struct{ _ byte })

// MarkPrivate marks a request whose answer belongs to one user alone, and has the answer say so. A shared cache knows
// that by itself only of a request with the header Authorization (RFC 9111 §3.5); a user may be known by something else.
// selectedBy is the header that the user is known by, for Vary (RFC 9110 §12.5.5); empty if it is in the URI or body.
// Neither the upstream nor another plugin sees anything of the mark.
func MarkPrivate(ctx http_service.IHttpContext, selectedBy string, faults *panics.Counter) {
	if IsPrivate(ctx) {
		return
	}
	ctx.WithValue(privateKey, true)
	afterwards(ctx, faults, func(ctx http_service.IHttpContext) {
		makePrivate(ctx.Response())
		addVary(ctx.Response(), selectedBy)
	})
}

// IsPrivate reports whether the answer of the request belongs to one user alone: it must neither come from a shared
// cache nor go into one.
func IsPrivate(ctx eocontext.EoContext) bool { return ctx.Value(privateKey) != nil }

// MarkSelected has the answer name these headers in Vary, of which the client has sent none: to whom it is given may
// depend on them.
func MarkSelected(ctx http_service.IHttpContext, headers []string, faults *panics.Counter) {
	if len(headers) == 0 {
		return
	}
	afterwards(ctx, faults, func(ctx http_service.IHttpContext) {
		for _, header := range headers {
			addVary(ctx.Response(), header)
		}
	})
}

// afterwards has do done when the upstream has answered. What is set before, the host overwrites with the upstream's
// headers. The answer to a websocket's handshake is left alone.
func afterwards(ctx http_service.IHttpContext, faults *panics.Counter, do func(http_service.IHttpContext)) {
	complete := ctx.GetComplete()
	if _, websocket := ctx.(http_service.IWebsocketContext); websocket || complete == nil {
		return
	}
	ctx.SetCompleteHandler(&completion{complete, faults, do})
}

// completion gets the answer, and does something to it.
type completion struct {
	next   eocontext.CompleteHandler
	faults *panics.Counter
	do     func(http_service.IHttpContext)
}

// Complete implements eocontext.CompleteHandler.
func (c *completion) Complete(ctx eocontext.EoContext) error {
	err := c.next.Complete(ctx)
	if request, assertErr := http_service.Assert(ctx); assertErr == nil && !c.done(request) {
		return errUnmarked
	}
	return err
}

// errUnmarked: an answer that could not be marked, and is withheld.
var errUnmarked = errors.New("the answer cannot be marked as one user's own")

// done reports whether the answer has been marked. One that has not is no answer: it could end up with others.
func (c *completion) done(ctx http_service.IHttpContext) (whole bool) {
	defer func() {
		if whole {
			return
		}
		if p := recover(); p != nil {
			c.faults.Caught("the marking of an answer", "the answer")
			ctx.Response().SetStatus(http.StatusInternalServerError, "")
			ctx.Response().SetBody([]byte(errUnmarked.Error()))
		}
	}()
	c.do(ctx)
	return true
}

// addVary adds a header to those that the answer was selected by.
func addVary(response http_service.IResponse, header string) {
	if header == "" {
		return
	}
	for _, line := range fieldLines(response, "Vary") {
		for name := range strings.SplitSeq(line, ",") {
			if name = strings.TrimSpace(name); name == "*" || strings.EqualFold(name, header) {
				return
			}
		}
	}
	response.AddHeader("Vary", header)
}
