package jwt

import (
	"errors"
	"slices"

	"github.com/eolinker/eosc/eocontext"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	driver "apinto-jwt/drivers/auth/jwt"
)

// A chunked request may end in trailer fields (RFC 9112 §7.1.2). When its last chunk has been read, by a later plugin
// or by a first attempt to send it, they stand among its headers as if they had come with them. So the headers of such
// a request are put right once more before each attempt to send it.

// written are the headers that the filters of a request have written: a later filter may take one for the client's token and
// hide it.
type written struct {
	upstream upstream
	fields   []field
}

// writtenKey is where they are kept with a request.
type writtenKey struct{}

// writtenIn returns those of a request; nil if no filter before this one has written any that may be lost.
func writtenIn(ctx http_service.IHttpContext) *written {
	w, _ := ctx.Value(writtenKey{}).(*written)
	return w
}

// add adds the headers of a filter, which replace those of the same names.
func (w *written) add(u upstream, fields []field) {
	kept := slices.DeleteFunc(w.fields, func(f field) bool { return u.owns([]byte(f.name)) })
	w.upstream, w.fields = slices.Concat(w.upstream, u), append(kept, fields...)
}

// keep keeps the headers as they are until the request is sent: it has them written again before each attempt, and the
// host's map made now, from which other protocols' requests are made.
func (w *written) keep(ctx http_service.IHttpContext, faults *driver.Faults) {
	ctx.Proxy().Header().Headers()
	if complete := ctx.GetComplete(); complete != nil {
		ctx.SetCompleteHandler(lateCompletion{complete, lateHeaders{w, faults}})
	}
}

// lateHeaders are the headers to put right.
type lateHeaders struct {
	*written
	faults *driver.Faults
}

// errHeaders: the headers cannot be put right, and the request is not sent.
var errHeaders = errors.New("the jwt filter cannot write the headers of the request")

// replace puts the headers right, if it is an HTTP request still.
func (l lateHeaders) replace(ctx eocontext.EoContext) (err error) {
	defer func() {
		if r := recover(); r != nil {
			l.faults.Caught("the filter's late headers", "the request")
			err = errHeaders
		}
	}()
	if http, ok := ctx.(http_service.IHttpContext); ok {
		l.upstream.replace(http, l.fields)
	}
	return nil
}

// lateCompletion sends a request.
type lateCompletion struct {
	eocontext.CompleteHandler
	late lateHeaders
}

// Complete implements eocontext.CompleteHandler.
func (c lateCompletion) Complete(ctx eocontext.EoContext) error {
	if err := c.late.replace(ctx); err != nil {
		return err
	}
	if balance := ctx.GetBalance(); balance != nil {
		ctx.SetBalance(lateBalance{balance, c.late})
	}
	return c.CompleteHandler.Complete(ctx)
}

// lateBalance selects the node of each attempt.
type lateBalance struct {
	eocontext.BalanceHandler
	late lateHeaders
}

// Select implements eocontext.BalanceHandler.
func (b lateBalance) Select(ctx eocontext.EoContext) (eocontext.INode, int, error) {
	if err := b.late.replace(ctx); err != nil {
		return nil, 0, err
	}
	return b.BalanceHandler.Select(ctx)
}
