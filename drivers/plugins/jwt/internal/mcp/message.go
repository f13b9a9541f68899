// Package mcp reads what a request to an MCP server asks for: the JSON-RPC message in its body (message.go, params.go),
// the headers that repeat it (head.go, headers.go), and the patterns that name tools, prompts, resources and methods
// (patterns.go, uri.go). It knows nothing of tokens and of the host.
//
// Where two readers of one message could disagree, the message is refused: a member twice, or in another case than the
// one that counts, as some libraries find members in any case.
package mcp

import (
	"encoding/json"
	"strings"
	"sync"

	"apinto-jwt/internal/strictjson"
)

// The bounds of what is read.
const (
	// MaxBatch is how many messages a batch may have.
	MaxBatch = 100
	// MaxID is the longest ID of a request, as JSON text, in bytes.
	MaxID = 256
)

// Call holds the messages of one request.
type Call struct {
	Messages []Message
	Batch    bool // They stand in a list.

	one [1]Message
}

// Message is a JSON-RPC message, as far as it is looked at. The texts share the memory of the body.
type Message struct {
	Method  string // Empty: it is a response.
	ID      string // As JSON text; empty: it is a notification.
	Version string // Protocol version that "_meta" names; empty: none.
	Targets []Target
	// names are the values that the header Mcp-Name may have.
	names []string

	oneTarget [1]Target
	oneName   [1]string
}

// Kind is what a target is.
type Kind int

// The kinds of targets.
const (
	Tool Kind = iota
	Prompt
	Resource
)

// Target is a tool, prompt or resource that a message acts on.
type Target struct {
	Kind Kind
	Name string // Of a resource: its URI.
}

// The codes of JSON-RPC 2.0 §5.1, and of MCP 2026-07-28.
const (
	ParseError     = -32700
	InvalidRequest = -32600
	InvalidParams  = -32602
	HeaderMismatch = -32020
)

// Fault is what is wrong with a request.
type Fault struct {
	Code    int
	ID      string // Of the request, as JSON text; empty if there is none, or if it cannot be known.
	Problem string // Printable ASCII without quotes and backslashes; nothing of it comes from the request.
}

// ID returns the ID of a single request, else nothing.
func (c *Call) ID() string {
	if c.Batch || len(c.Messages) == 0 {
		return ""
	}
	return c.Messages[0].ID
}

// Read reads the body of a request: one message, or a list of them (JSON-RPC 2.0 §6).
func (c *Call) Read(body string) *Fault {
	if text := strings.TrimLeft(body, " \t\r\n"); strings.HasPrefix(text, "[") {
		return c.readBatch(text)
	}
	c.Messages = c.one[:]
	return c.one[0].read(body)
}

// readBatch reads a list of messages.
func (c *Call) readBatch(text string) *Fault {
	c.Batch = true
	var fault *Fault
	err := strictjson.Items(text, func(raw string) bool {
		if len(c.Messages) == MaxBatch {
			fault = &Fault{Code: InvalidRequest, Problem: "the batch has too many messages"}
			return false
		}
		c.Messages = append(c.Messages, Message{})
		fault = c.Messages[len(c.Messages)-1].read(raw)
		return fault == nil
	})
	switch {
	case fault != nil:
		fault.ID = "" // an answer to one of many would be taken for one to all
		return fault
	case err != nil:
		return &Fault{Code: ParseError, Problem: "the body is not a JSON-RPC message"}
	case len(c.Messages) == 0:
		return &Fault{Code: InvalidRequest, Problem: "the batch is empty"}
	}
	return nil
}

// envelope is the members of a message, as JSON text; empty: it is not there.
type envelope struct{ jsonrpc, id, method, params, result, failure string }

// member returns the place of a member; nil for one that JSON-RPC 2.0 does not have.
func (e *envelope) member(name string) *string {
	switch name {
	case "jsonrpc":
		return &e.jsonrpc
	case "id":
		return &e.id
	case "method":
		return &e.method
	case "params":
		return &e.params
	case "result":
		return &e.result
	case "error":
		return &e.failure
	}
	return nil
}

// scratch is where a message is parsed into. It is used again, as it is larger than all that is kept of a message.
type scratch struct {
	message strictjson.Object
	params  strictjson.Nested
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// release gives it back, and nothing of the message with it.
func (s *scratch) release() {
	*s = scratch{}
	scratches.Put(s)
}

// read reads one message. Other members than those of JSON-RPC 2.0 are refused, and with them every other spelling.
func (m *Message) read(text string) *Fault {
	s := scratches.Get().(*scratch)
	defer s.release()
	o := &s.message
	if err := o.ParseNested(text, "params", &s.params); err != nil {
		f := &Fault{Code: ParseError, Problem: "the body is not a JSON-RPC message"}
		if !strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "{") && json.Valid([]byte(text)) {
			f.Code = InvalidRequest // JSON, and no message (JSON-RPC 2.0 §5.1)
		}
		return f
	}
	var e envelope
	foreign := false
	for _, member := range o.Members() {
		if place := e.member(o.Name(member)); place != nil {
			*place = o.Raw(member)
		} else {
			foreign = true
		}
	}
	if e.id != "" && !validID(e.id) {
		return m.fault(InvalidRequest, "the ID of the message is not a string or a whole number, or is too long")
	}
	m.ID = e.id
	if foreign {
		return m.fault(InvalidRequest, "the message has a member that JSON-RPC 2.0 does not have")
	}
	if version, _ := strictjson.String(e.jsonrpc); version != "2.0" {
		return m.fault(InvalidRequest, "the message is not one of JSON-RPC 2.0")
	}
	if e.method == "" && e.params == "" && e.id != "" && (e.result == "") != (e.failure == "") {
		return nil
	}
	if m.Method, _ = strictjson.String(e.method); m.Method == "" || e.result+e.failure != "" {
		return m.fault(InvalidRequest, "the message is no request, notification or response")
	}
	return m.readParams(e.params, &s.params)
}

// fault returns a fault of the message.
func (m *Message) fault(code int, problem string) *Fault {
	return &Fault{Code: code, ID: m.ID, Problem: problem}
}

// validID reports whether a JSON text is the ID of a request: a string or a whole number. MCP has no null.
func validID(raw string) bool {
	if len(raw) > MaxID {
		return false
	}
	if raw[0] == '"' {
		return true
	}
	digits := strings.TrimPrefix(raw, "-")
	return digits != "" && strings.Trim(digits, "0123456789") == ""
}
