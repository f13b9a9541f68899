package mcp

import (
	"encoding/base64"
	"slices"
	"strings"
	"unicode/utf8"
)

// The protocol versions that headers and batches depend on.
const (
	versionHeaders = "2026-07-28" // From it on headers must repeat the message.
	versionBatches = "2025-03-26" // The one that has batches; a request without a version may be of it.
)

// Check compares the headers with the messages. From 2026-07-28 on they must repeat the message. In older versions they
// need not be there; those that are must be true all the same, as somebody behind may believe them.
func (c *Call) Check(h *Head) *Fault {
	if c.Batch {
		return c.checkBatch(h)
	}
	m := &c.Messages[0]
	if !m.versionAgrees(h) {
		return m.fault(HeaderMismatch, "the header MCP-Protocol-Version does not match the body")
	}
	demanded := repeats(h.Version.Value)
	if m.Method == "" && demanded {
		return m.fault(InvalidRequest, "clients send no responses in this protocol version")
	}
	demanded = demanded && m.ID != "" // what notifications need is not defined
	if !h.Method.There && demanded || h.Method.There && h.Method.Value != m.Method {
		return m.fault(HeaderMismatch, "the header Mcp-Method does not match the body")
	}
	if !h.Name.There && demanded && m.named() || h.Name.There && !m.nameAgrees(h.Name.Value) {
		return m.fault(HeaderMismatch, "the header Mcp-Name does not match the body")
	}
	return nil
}

// checkBatch is Check for several messages, which no header can repeat.
func (c *Call) checkBatch(h *Head) *Fault {
	if h.Version.There && h.Version.Value != versionBatches {
		return &Fault{Code: InvalidRequest, Problem: "this protocol version has no batches"}
	}
	if h.Method.There || h.Name.There {
		return &Fault{Code: HeaderMismatch, Problem: "the headers name one message, and the body has a batch"}
	}
	for i := range c.Messages {
		if !c.Messages[i].versionAgrees(h) {
			return &Fault{Code: HeaderMismatch, Problem: "the header MCP-Protocol-Version does not match the body"}
		}
	}
	return nil
}

// versionAgrees reports whether the version in the message is that of the header. A message without one is of any.
func (m *Message) versionAgrees(h *Head) bool {
	return m.Version == "" || h.Version.Value == m.Version
}

// repeats reports whether the headers of a version must repeat the message. A version that is no date is taken for a
// newer one.
func repeats(version string) bool {
	if version == "" {
		return false
	}
	return !isDate(version) || version >= versionHeaders
}

// isDate reports whether the text has the form of a date.
func isDate(text string) bool {
	for i := range len(text) {
		if digit := text[i] >= '0' && text[i] <= '9'; digit == (i == 4 || i == 7) || !digit && text[i] != '-' {
			return false
		}
	}
	return len(text) == len("2026-07-28")
}

// named reports whether the method is one of those for which Mcp-Name is demanded.
func (m *Message) named() bool {
	return m.Method == methodTool || m.Method == methodPrompt || m.Method == methodRead
}

// nameAgrees reports whether the value of Mcp-Name is a name in the message.
func (m *Message) nameAgrees(value string) bool {
	name, ok := decodeName(value)
	return ok && slices.Contains(m.names, name)
}

// The marks of a value in Base64.
const (
	base64Begin = "=?base64?"
	base64End   = "?="
)

// decodeName returns what a header's value stands for; false if it is not written as it must be.
func decodeName(value string) (string, bool) {
	if text, ok := strings.CutPrefix(value, base64Begin); ok {
		if text, ok := strings.CutSuffix(text, base64End); ok {
			name, err := base64.StdEncoding.Strict().DecodeString(text)
			return string(name), err == nil && !strings.ContainsAny(text, "\r\n") && utf8.Valid(name)
		}
	}
	for i := range len(value) {
		if c := value[i]; (c < ' ' || c >= 0x7f) && c != '\t' {
			return "", false
		}
	}
	return value, true
}
