package resource

import (
	"runtime"
	"testing"
	"time"
)

// of returns the metadata of a resource.
func of(t *testing.T, uri, name string) *Metadata {
	t.Helper()
	u, err := ParseURI(uri)
	if err != nil {
		t.Fatal(err)
	}
	return &Metadata{URI: u, Resource: u.String(), Name: name}
}

// The path says which resource is meant, and the host if several have the path (RFC 9728 §3.1).
func TestFind(t *testing.T) {
	var table Table
	if m, ok := table.Find("a", wellKnown); ok || len(table.Contradictions()) > 0 {
		t.Errorf("an empty table has %+v", m)
	}
	list := []*Metadata{
		of(t, "https://a", "root of a"), of(t, "https://a/x", "x of a"), of(t, "https://B:443/x", "x of b"), of(t, "https://c:8443/y/", "y of c"),
		of(t, "https://d/a%20b", "blank"), of(t, "http://127.0.0.1:80/z", "z"),
		of(t, "https://127.0.0.1/s", "s with TLS"), of(t, "http://127.0.0.1/s", "s"), of(t, "http://127.0.0.1:8099/s", "s of another port"),
	}
	for _, m := range list {
		table.Add(m)
	}
	for _, test := range []struct{ host, path, want string }{
		{"a", "/.well-known/oauth-protected-resource", "root of a"},
		{"a", "/.well-known/oauth-protected-resource/", "root of a"},
		{"A:443", "/.well-known/oauth-protected-resource/x", "x of a"},
		{"b", "/.well-known/oauth-protected-resource/x", "x of b"},
		{"b:8443", "/.well-known/oauth-protected-resource/x", ""},
		{"e", "/.well-known/oauth-protected-resource/x", ""},
		{"c:8443", "/.well-known/oauth-protected-resource/y/", "y of c"},
		{"10.0.0.1:8099", "/.well-known/oauth-protected-resource/y/", "y of c"},
		{"c:8443", "/.well-known/oauth-protected-resource/y", ""},
		{"d", "/.well-known/oauth-protected-resource/a b", "blank"},
		{"127.0.0.1", "/.well-known/oauth-protected-resource/z", "z"},
		{"127.0.0.1", "/.well-known/oauth-protected-resource/s", "s with TLS"},
		{"127.0.0.1:443", "/.well-known/oauth-protected-resource/s", "s with TLS"},
		{"127.0.0.1:80", "/.well-known/oauth-protected-resource/s", "s"},
		{"127.0.0.1:8099", "/.well-known/oauth-protected-resource/s", "s of another port"},
		{"a", "/.well-known/oauth-protected-resourcex", ""},
		{"a", "/.well-known/oauth-protected-resource/X", ""},
		{"a", "/x", ""},
		{"a", "", ""},
	} {
		m, ok := table.Find(test.host, test.path)
		if ok != (test.want != "") || ok && m.Name != test.want {
			t.Errorf("%s%s: %+v, want %q", test.host, test.path, m, test.want)
		}
	}
	runtime.KeepAlive(list)
}

// Of filters with one resource the newest that describes it counts, and those are told that describe it differently.
func TestDescriptions(t *testing.T) {
	const path = wellKnown + "/x"
	var table Table
	bare, one := of(t, "https://a/x", ""), of(t, "https://a/x", "one")
	table.Add(bare)
	if m, _ := table.Find("a", path); m != bare {
		t.Error(m)
	}
	table.Add(one)
	same, late := of(t, "https://A/x", "one"), of(t, "https://a/x", "")
	table.Add(same)
	table.Add(late)
	if m, _ := table.Find("a", path); m != same || len(table.Contradictions()) != 0 {
		t.Error(m, table.Contradictions())
	}
	two := of(t, "https://a/x", "two")
	table.Add(two)
	if m, _ := table.Find("a", path); m != two || len(table.Contradictions()) != 1 || table.Contradictions()[0] != "https://a/x" {
		t.Error(m, table.Contradictions())
	}
	runtime.KeepAlive([]*Metadata{bare, one, same, late, two})
}

// The table holds no filter.
func TestCollected(t *testing.T) {
	var table Table
	table.Add(of(t, "https://a/x", "one"))
	kept := of(t, "https://a/y", "two")
	table.Add(kept)
	for deadline := time.Now().Add(10 * time.Second); len(table.all()) != 1; runtime.GC() {
		if time.Now().After(deadline) {
			t.Fatal("what nobody has is in the table still")
		}
	}
	if _, ok := table.Find("a", wellKnown+"/y"); !ok {
		t.Error("what a filter has is not in the table")
	}
	runtime.KeepAlive(kept)
}

// The document has what is known, and nothing else (RFC 9728 §2).
func TestDocument(t *testing.T) {
	m := of(t, "HTTPS://A.example/x", "n")
	m.AuthorizationServers, m.BearerMethods = []string{"https://b"}, []string{"header"}
	const want = `{"resource":"https://a.example/x","authorization_servers":["https://b"],"bearer_methods_supported":["header"],"resource_name":"n"}`
	if got := string(m.Document()); got != want {
		t.Error(got)
	}
}
