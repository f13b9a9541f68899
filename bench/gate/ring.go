// Package gate is the gateway without a gateway: real request contexts as the router leaves them to the plugins, and
// authenticators bound as the host binds them.
package gate

import (
	"bufio"
	"net"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/eolinker/apinto/entries/ctx_key"
	http_context "github.com/eolinker/apinto/node/http-context"
	http_service "github.com/eolinker/eosc/eocontext/http-context"
	"github.com/valyala/fasthttp"
)

// Size is how many requests a Ring has: few enough that they lie in the processor's cache when their turn comes, as a
// request that has just been read does, and enough that reading the clock does not count.
const Size = 64

// Ring is requests that are prepared outside the time that is measured. They must not be used after the next Fill. The
// last one, At(Size), is for a try before the time runs: preparing a context stops the world (the host reads the
// memory's statistics for every request) and leaves the allocator cold.
type Ring struct {
	// Text returns the request with a token, as it comes from the client; nil: Ring has a request of its own.
	Text func(token string) string

	requests [Size + 1]fasthttp.RequestCtx
	contexts [Size + 1]*http_context.HttpContext
	template *fasthttp.Request
}

// Fill makes a fresh context for every request; token says which token the i-th one brings.
func (r *Ring) Fill(token func(i int) string) {
	if r.template == nil {
		r.template = newTemplate()
	}
	for i := range r.requests {
		if r.contexts[i] != nil {
			r.contexts[i].FastFinish() // back into the host's pool
		}
		r.contexts[i] = r.fresh(&r.requests[i], token(i))
	}
}

// At returns the i-th request.
func (r *Ring) At(i int) http_service.IHttpContext { return r.contexts[i] }

// newTemplate returns the common part of all requests.
func newTemplate() *fasthttp.Request {
	request := new(fasthttp.Request)
	request.Header.SetMethod(fasthttp.MethodGet)
	request.SetRequestURI("/orders/42?page=2")
	request.Header.SetHost("gateway.example")
	request.Header.SetUserAgent("bench/1.0")
	request.Header.Set("Accept", "application/json")
	return request
}

var client = &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 40000}

// fresh returns the context of a request that the router has matched. The token is also the API key.
func (r *Ring) fresh(ctx *fasthttp.RequestCtx, token string) *http_context.HttpContext {
	if r.Text != nil {
		ctx.Init(received(r.Text(token)), client, nil)
	} else {
		r.template.Header.Set("Authorization", "Bearer "+token)
		r.template.Header.Set("Apikey", token)
		ctx.Init(r.template, client, nil) // copies it
	}
	accept(ctx)
	c := http_context.NewContext(ctx, 8080)
	label(c)
	return c
}

// received returns a request as fasthttp's server reads it, with its body in memory.
func received(text string) *fasthttp.Request {
	request := new(fasthttp.Request)
	if err := request.Read(bufio.NewReader(strings.NewReader(text))); err != nil {
		panic(err)
	}
	return request
}

// message is a call of the tool get_order.
var message = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_order","arguments":{"text":"` +
	strings.Repeat("0123456789abcdef", 58) + `"}}}`

// Message returns a POST with a JSON-RPC message of 1 KiB, a call of the tool get_order.
func Message(token string) string {
	return "POST /orders HTTP/1.1\r\nHost: gateway.example\r\nUser-Agent: bench/1.0\r\nAccept: application/json, text/event-stream\r\n" +
		"Content-Type: application/json\r\nMCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: get_order\r\n" +
		"Authorization: Bearer " + token + "\r\nContent-Length: " + strconv.Itoa(len(message)) + "\r\n\r\n" + message
}

// accept sets the time at which fasthttp's server has handed the request to its handler, which it alone can.
func accept(ctx *fasthttp.RequestCtx) {
	field := reflect.ValueOf(ctx).Elem().FieldByName("time")
	*(*time.Time)(field.Addr().UnsafePointer()) = time.Now()
}

// label sets what the host's router sets before it runs the plugins (drivers/router/http-router/http-handler.go).
func label(ctx http_service.IHttpContext) {
	ctx.WithValue(ctx_key.CtxKeyRetry, 0)
	ctx.WithValue(ctx_key.CtxKeyTimeout, time.Second)
	ctx.SetLabel("api", "orders")
	ctx.SetLabel("api_id", "orders@router")
	ctx.SetLabel("service", "orders")
	ctx.SetLabel("service_id", "orders@service")
	ctx.SetLabel("service_title", "orders")
	ctx.SetLabel("method", ctx.Request().Method())
	ctx.SetLabel("path", ctx.Request().URI().RequestURI())
	ctx.SetLabel("ip", ctx.Request().RealIp())
	ctx.SetLabel("time", ctx.AcceptTime().Format("2006-01-02 15:04:05"))
}
