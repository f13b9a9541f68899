package mcp

import (
	"strings"

	"apinto-jwt/internal/strictjson"
)

// The methods whose targets are named.
const (
	methodTool      = "tools/call"
	methodPrompt    = "prompts/get"
	methodRead      = "resources/read"
	methodSubscribe = "resources/subscribe"
	methodLeave     = "resources/unsubscribe"
	methodComplete  = "completion/complete"
	methodListen    = "subscriptions/listen"
)

// versionMember is the member of "_meta" that names the protocol version (MCP 2026-07-28).
const versionMember = "io.modelcontextprotocol/protocolVersion"

// params are the members of a message's parameters that are looked at, as JSON text; empty: there is none.
type params struct{ name, uri, taskID, ref, notifications, meta string }

// member returns the place of a member; nil for one that is not looked at.
func (p *params) member(name string) *string {
	switch name {
	case "name":
		return &p.name
	case "uri":
		return &p.uri
	case "taskId":
		return &p.taskID
	case "ref":
		return &p.ref
	case "notifications":
		return &p.notifications
	case "_meta":
		return &p.meta
	}
	return nil
}

// read notes the members; false if one is there twice or is written in another case, or if there is no object.
func (p *params) read(o *strictjson.Nested) bool {
	if !o.Found || o.Twice {
		return false
	}
	for _, member := range o.Members() {
		name := o.Name(member)
		if place := p.member(name); place != nil {
			*place = o.Raw(member)
			continue
		}
		for _, looked := range [...]string{"name", "uri", "taskId", "ref", "notifications", "_meta"} {
			if strings.EqualFold(name, looked) {
				return false
			}
		}
	}
	return true
}

// readParams notes what the message acts on, and its protocol version.
func (m *Message) readParams(text string, object *strictjson.Nested) *Fault {
	var p params
	if text != "" && !p.read(object) {
		return m.fault(InvalidParams, "the parameters of the message cannot be read in one way")
	}
	if p.meta != "" {
		version, ok := find(p.meta, versionMember)
		if m.Version, _ = strictjson.String(version); !ok || version != "" && m.Version == "" {
			return m.fault(InvalidParams, "the member _meta of the parameters cannot be read in one way")
		}
	}
	if !m.aim(&p) {
		return m.fault(InvalidParams, "the parameters do not name what the method acts on")
	}
	return nil
}

// aim notes the targets of the message; false if they are not named as they must be.
func (m *Message) aim(p *params) bool {
	switch m.Method {
	case methodTool:
		return m.target(Tool, p.name)
	case methodPrompt:
		return m.target(Prompt, p.name)
	case methodRead:
		return m.target(Resource, p.uri)
	case methodSubscribe, methodLeave:
		// A message that says it is of a revision without these methods, and names nothing: the server answers that there are none.
		return m.target(Resource, p.uri) || p.uri == "" && repeats(m.Version)
	case methodComplete:
		return m.aimAtReference(p.ref)
	case methodListen:
		return m.aimAtSubscriptions(p.notifications)
	}
	for _, raw := range [...]string{p.name, p.uri, p.taskID} {
		if name, ok := strictjson.String(raw); ok {
			m.names = append(m.names, name)
		}
	}
	return true
}

// target notes the one target that a JSON text names.
func (m *Message) target(kind Kind, raw string) bool {
	name, ok := strictjson.String(raw)
	if !ok || name == "" {
		return false
	}
	m.oneTarget[0], m.oneName[0] = Target{kind, name}, name
	m.Targets, m.names = m.oneTarget[:], m.oneName[:]
	return true
}

// aimAtReference notes the prompt or resource whose arguments are to be completed.
func (m *Message) aimAtReference(raw string) bool {
	kind, ok := find(raw, "type")
	if !ok {
		return false
	}
	switch kind, _ := strictjson.String(kind); kind {
	case "ref/prompt":
		name, ok := find(raw, "name")
		return ok && m.target(Prompt, name)
	case "ref/resource":
		uri, ok := find(raw, "uri")
		return ok && m.target(Resource, uri)
	}
	return false
}

// aimAtSubscriptions notes the resources whose changes are to be told.
func (m *Message) aimAtSubscriptions(raw string) bool {
	if raw == "" {
		return false
	}
	list, ok := find(raw, "resourceSubscriptions")
	if !ok || list == "" {
		return ok
	}
	whole := true
	err := strictjson.Items(list, func(item string) bool {
		uri, ok := strictjson.String(item)
		m.Targets = append(m.Targets, Target{Resource, uri})
		whole = ok && uri != ""
		return whole
	})
	return whole && err == nil
}

// find returns a member of an object as JSON text; empty if it is not there. It is false if the text is no object, or
// has the member in another case too.
func find(object, name string) (raw string, ok bool) {
	var o strictjson.Object
	if o.Parse(object) != nil {
		return "", false
	}
	for _, member := range o.Members() {
		switch found := o.Name(member); {
		case found == name:
			raw = o.Raw(member)
		case strings.EqualFold(found, name):
			return "", false
		}
	}
	return raw, true
}
