package jwt

import (
	"encoding/json"
	"net/http"
	"strings"

	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/hosthttp"
)

// answers is how refused requests are answered (RFC 6750 §3).
type answers struct {
	realm    string
	scope    string // the scopes that are required, separated by blanks
	resource string // the parameter resource_metadata of a challenge; empty if there is no resource
	login    string // the parameters of a challenge that asks for another log-in
	text     bool   // the body is text, not JSON
	hidden   bool   // the reason is not told
	allow    string // the HTTP methods of the route
}

// describe takes what challenges say of the policy.
func (a *answers) describe(p *policy) {
	a.resource, a.login, a.allow = p.resource.challenge(), p.login.challenge(), p.mcp.allowed()
}

// body is the JSON body of a refusal.
type body struct {
	Error     string `json:"error"`
	Reason    string `json:"reason"`
	Message   string `json:"message"`
	RequestID string `json:"request_id"`
}

// unauthenticated is the "error" in the body if RFC 6750 has no code.
const unauthenticated = "unauthorized"

// hiddenMessages are the texts of answers that hide their reason.
var hiddenMessages = map[int]string{
	http.StatusUnauthorized: "the request is not authenticated",
	http.StatusForbidden:    "the token is not sufficient",
	http.StatusBadRequest:   "the request is not valid",

	http.StatusMethodNotAllowed:      "the request is not valid",
	http.StatusRequestEntityTooLarge: "the request is not valid",
	http.StatusUnsupportedMediaType:  "the request is not valid",
}

// write answers a refused request. No part of the answer comes from the request but its ID, which the host made, and that
// of a JSON-RPC message.
func (a *answers) write(ctx http_service.IHttpContext, r *refusal, x *exchange) {
	if r == refusalFieldName { // readers disagree on where its body ends
		hosthttp.Close(ctx)
	}
	hosthttp.Finish(ctx)
	b := a.body(r, x)
	b.RequestID = ctx.RequestId()
	response := ctx.Response()
	response.SetStatus(r.status, http.StatusText(r.status))
	if !r.final {
		response.SetHeader("WWW-Authenticate", a.challenge(r, x, b.Message))
	}
	if r.status == http.StatusMethodNotAllowed {
		response.SetHeader("Allow", a.allow)
	}
	response.SetHeader("Cache-Control", "no-store")
	if a.resource != "" {
		response.SetHeader("Access-Control-Expose-Headers", "WWW-Authenticate") // for clients in browsers
	}
	if x != nil && x.judged {
		response.SetHeader("Content-Type", "application/json")
		response.SetBody(x.rpc(r, b))
		return
	}
	if a.text {
		response.SetHeader("Content-Type", "text/plain; charset=utf-8")
		response.SetBody([]byte(b.line()))
		return
	}
	text, _ := json.Marshal(b) // strings can always be written
	response.SetHeader("Content-Type", "application/json")
	response.SetBody(text)
}

// body returns the content of the answer's body.
func (a *answers) body(r *refusal, x *exchange) body {
	b := body{Error: r.code, Reason: r.reason, Message: x.problem(r)}
	if b.Error == "" {
		b.Error = unauthenticated
	}
	if a.hidden {
		b.Reason, b.Message = b.Error, hiddenMessages[r.status]
	}
	return b
}

// line returns the body as text.
func (b body) line() string {
	return b.Message + " (" + b.Reason + ", request " + b.RequestID + ")\n"
}

// challenge returns the value of WWW-Authenticate. If no token came it has no error. A client of a resource learns the
// scopes with its first refusal.
func (a *answers) challenge(r *refusal, x *exchange, message string) string {
	scope := a.scope
	if x != nil {
		scope = x.scope(scope)
	}
	var c strings.Builder
	c.WriteString("Bearer realm=")
	c.WriteString(quoted(a.realm))
	if r.code != "" {
		c.WriteString(`, error="` + r.code + `", error_description="` + message + `"`)
	}
	if r.code == insufficientAuthentication && !a.hidden {
		c.WriteString(a.login)
	}
	if (r.code == insufficientScope || r.code == insufficientAuthentication || a.resource != "") && scope != "" && !a.hidden {
		c.WriteString(`, scope="` + scope + `"`)
	}
	c.WriteString(a.resource)
	return c.String()
}

// quoted returns a quoted-string (RFC 9110 §5.6.4).
func quoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}
