package mcp

import (
	"encoding/json"
	"strings"
	"testing"
)

// What is read, encoding/json reads in the same way, and its members in any case give nothing else.
func FuzzRead(f *testing.F) {
	for _, test := range readTests {
		f.Add(test.body)
	}
	f.Add(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"\u006eame":"a","NAME":"b"}}`)
	f.Fuzz(func(t *testing.T, body string) {
		var c Call
		if fault := c.Read(body); fault != nil {
			if fault.Problem == "" || fault.ID != "" && !json.Valid([]byte(fault.ID)) || len(fault.ID) > MaxID {
				t.Fatalf("%+v", fault)
			}
			return
		}
		list := []json.RawMessage{json.RawMessage(body)}
		if c.Batch {
			if err := json.Unmarshal([]byte(body), &list); err != nil {
				t.Fatalf("encoding/json refuses it: %v", err)
			}
		}
		if len(list) != len(c.Messages) {
			t.Fatalf("%d messages, encoding/json has %d", len(c.Messages), len(list))
		}
		for i := range list {
			sameMessage(t, &c.Messages[i], list[i])
		}
	})
}

// sameMessage compares with encoding/json, which finds members in any case and takes the last.
func sameMessage(t *testing.T, m *Message, text []byte) {
	var other struct {
		ID     json.RawMessage `json:"id"`
		Method string          `json:"method"`
		Params struct {
			Name any `json:"name"`
			URI  any `json:"uri"`
		} `json:"params"`
	}
	if err := json.Unmarshal(text, &other); err != nil {
		t.Fatalf("encoding/json refuses it: %v", err)
	}
	if other.Method != m.Method || string(other.ID) != m.ID {
		t.Fatalf("method %q, ID %s, encoding/json has %q, %s", m.Method, m.ID, other.Method, other.ID)
	}
	switch m.Method {
	case methodTool, methodPrompt:
		if len(m.Targets) != 1 || other.Params.Name != m.Targets[0].Name {
			t.Fatalf("targets %v, encoding/json has %v", m.Targets, other.Params.Name)
		}
	case methodRead, methodSubscribe, methodLeave:
		if len(m.Targets) == 0 && m.Method != methodRead && other.Params.URI == nil {
			return // of a revision that does not have the method
		}
		if len(m.Targets) != 1 || other.Params.URI != m.Targets[0].Name {
			t.Fatalf("targets %v, encoding/json has %v", m.Targets, other.Params.URI)
		}
	}
}

// One kilobyte is the size of a usual call.
func BenchmarkRead(b *testing.B) {
	body := modern("tools/call", `"name":"get_file","arguments":{"path":"/a","text":"`+strings.Repeat("0123456789abcdef", 53)+`"},`)
	head := []byte("Host: example.com\r\nUser-Agent: node\r\nAccept: application/json, text/event-stream\r\nContent-Type: application/json\r\nContent-Length: 1024\r\n" +
		"Authorization: Bearer " + strings.Repeat("x", 300) + "\r\nMCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: get_file\r\nConnection: keep-alive\r\n\r\n")
	b.Logf("%d bytes", len(body))
	b.ReportAllocs()
	for b.Loop() {
		var c Call
		h := ReadHead(head)
		if c.Read(body) != nil || c.Check(&h) != nil {
			b.Fatal("refused")
		}
	}
}
