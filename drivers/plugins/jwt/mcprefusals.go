package jwt

import (
	"net/http"

	"apinto-jwt/drivers/plugins/jwt/internal/mcp"
)

// refusalOfFault returns the refusal of a message.
func refusalOfFault(f *mcp.Fault) *refusal {
	if f.Code == mcp.HeaderMismatch {
		return refusalMismatch
	}
	return refusalMessage
}

// The refusals of requests to an MCP server. No token would mend them.
var (
	refusalOrigin = &refusal{
		reason: "origin_not_allowed", status: http.StatusForbidden, code: forbiddenRequest, final: true,
		message: "scripts of this origin may not use this route",
	}
	refusalHTTPMethod = &refusal{
		reason: "http_method_not_allowed", status: http.StatusMethodNotAllowed, code: invalidRequest, final: true,
		message: "this route does not take the HTTP method",
	}
	refusalMisplaced = &refusal{
		reason: "token_misplaced", status: http.StatusBadRequest, code: invalidRequest,
		message: "a token stands in the header Authorization alone",
	}
	// The token would go on to the server: in a query nothing hides it.
	refusalInQuery = &refusal{
		reason: refusalMisplaced.reason, status: refusalMisplaced.status, code: refusalMisplaced.code, message: refusalMisplaced.message, always: true,
	}
	refusalDoubtful       = mcpRefusal("header_mismatch", http.StatusBadRequest, "a header is there twice, or under a name that is taken for its own")
	refusalUnexpectedBody = mcpRefusal("message_malformed", http.StatusBadRequest, "the HTTP method has no body")
	refusalFraming        = mcpRefusal("message_malformed", http.StatusBadRequest, "the length of the body is doubtful, or header fields follow it")
	refusalMediaType      = mcpRefusal("content_type_not_allowed", http.StatusUnsupportedMediaType, "the body must be application/json in UTF-8, and not compressed")
	refusalMessageSize    = mcpRefusal("message_too_large", http.StatusRequestEntityTooLarge, "the message is too large")
	refusalMessage        = mcpRefusal("message_malformed", http.StatusBadRequest, "the message is not one of MCP")
	refusalMismatch       = mcpRefusal("header_mismatch", http.StatusBadRequest, "the headers do not match the body")
	refusalOperation      = &refusal{
		reason: "operation_not_allowed", status: http.StatusForbidden, code: forbiddenRequest, final: true, ours: true,
		message: "this route does not offer what the message asks for",
	}
)

// forbiddenRequest is the "error" of what nobody may do. RFC 6750 has none for it, and no challenge has it.
const forbiddenRequest = "forbidden"

func mcpRefusal(reason string, status int, message string) *refusal {
	return &refusal{reason: reason, status: status, code: invalidRequest, final: true, message: message}
}
