package jwt

import (
	"cmp"
	"encoding/json"

	"apinto-jwt/drivers/plugins/jwt/internal/mcp"
)

// rpcError is the body of a refused message (JSON-RPC 2.0 §5.1).
type rpcError struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id,omitempty"`
	Error   struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
		Data    body   `json:"data"`
	} `json:"error"`
}

// rpc returns the JSON-RPC error with which a message is refused. The code is MCP's, or else the HTTP status, which is
// out of the range that JSON-RPC reserves.
func (x *exchange) rpc(r *refusal, b body) []byte {
	answer := rpcError{Version: "2.0", ID: json.RawMessage(x.call.ID())}
	answer.Error.Code = r.status
	switch {
	case x.fault != nil:
		answer.ID, answer.Error.Code = json.RawMessage(x.fault.ID), x.fault.Code
	case r == refusalDoubtful:
		answer.Error.Code = mcp.HeaderMismatch
	}
	answer.Error.Message, answer.Error.Data = b.Message, b
	text, _ := json.Marshal(answer) // an ID has been read as JSON
	return text
}

// problem returns what is wrong, in words.
func (x *exchange) problem(r *refusal) string {
	if x == nil || x.fault == nil {
		return r.message
	}
	return cmp.Or(x.fault.Problem, r.message)
}
