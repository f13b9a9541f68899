package jwt

import (
	"errors"

	"github.com/eolinker/eosc/eocontext"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	driver "apinto-jwt/drivers/auth/jwt"
)

// A chunked request may end in trailer fields (RFC 9112 §7.1.2). When its last chunk has been read, by a later plugin
// or by a first attempt to send it, they stand among its headers as if they had come with them. So the headers of such
// a request are put right once more before each attempt to send it.

// keep keeps the headers as they are until the request is sent: it has replace done again before each attempt, and the
// host's map made now, from which other protocols' requests are made.
func (u upstream) keep(ctx http_service.IHttpContext, fields []field, faults *driver.Faults) {
	ctx.Proxy().Header().Headers()
	if complete := ctx.GetComplete(); complete != nil {
		ctx.SetCompleteHandler(lateCompletion{complete, lateHeaders{u, fields, faults}})
	}
}

// lateHeaders are the headers to put right.
type lateHeaders struct {
	upstream upstream
	fields   []field
	faults   *driver.Faults
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
