package resource

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"sync"
	"weak"
)

// Table has the resources of the filters of a process, by path. A filter's metadata is in it for as long as the filter lives:
// the host does not say when it drops one, so the table holds none of them.
type Table struct {
	mu     sync.Mutex
	byPath map[string][]weak.Pointer[Metadata] // The newest last.
}

// Add puts the metadata of a filter into the table. It looks at no other: a gateway may have thousands.
func (t *Table) Add(m *Metadata) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.byPath == nil {
		t.byPath = make(map[string][]weak.Pointer[Metadata])
	}
	path := m.URI.path()
	t.byPath[path] = append(t.byPath[path], weak.Make(m))
}

// Find returns the metadata of the resource that a request for a document means: by the path behind the well-known one,
// and by the host if several resources have that path. Of filters with one resource the newest that describes it counts, and
// of two resources that differ in the scheme alone the one with https.
func (t *Table) Find(host, path string) (*Metadata, bool) {
	own, ok := strings.CutPrefix(path, wellKnown)
	if own == "/" {
		own = ""
	}
	if !ok || own != "" && own[0] != '/' {
		return nil, false
	}
	var found, elsewhere *Metadata
	single := true
	resources := t.resources(own)
	for _, name := range slices.Sorted(maps.Keys(resources)) { // http comes before https
		m := resources[name]
		if m.URI.at(host) {
			found = m
		} else {
			single = single && elsewhere == nil
			elsewhere = m
		}
	}
	if found == nil && single { // a proxy in front may have another name
		found = elsewhere
	}
	return found, found != nil
}

// Contradictions names the resources that living filters describe in different ways.
func (t *Table) Contradictions() []string {
	documents := make(map[string][]byte)
	var names []string
	for _, m := range t.all() {
		if len(m.Described()) == 0 {
			continue
		}
		document := m.Document()
		if other, ok := documents[m.Resource]; ok && !bytes.Equal(other, document) && !slices.Contains(names, m.Resource) {
			names = append(names, m.Resource)
		}
		documents[m.Resource] = document
	}
	slices.Sort(names)
	return names
}

// resources returns one metadata for each resource with the path.
func (t *Table) resources(path string) map[string]*Metadata {
	t.mu.Lock()
	defer t.mu.Unlock()
	list := make(map[string]*Metadata)
	for _, m := range t.living(path) {
		if former, ok := list[m.Resource]; !ok || len(m.Described()) > 0 || len(former.Described()) == 0 {
			list[m.Resource] = m
		}
	}
	return list
}

// all returns what is in the table; of one resource the newest last.
func (t *Table) all() (list []*Metadata) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for path := range t.byPath {
		list = append(list, t.living(path)...)
	}
	return list
}

// living returns what has the path, the newest last, and takes out what is gone. The lock is held.
func (t *Table) living(path string) (list []*Metadata) {
	left := t.byPath[path][:0]
	for _, pointer := range t.byPath[path] {
		if m := pointer.Value(); m != nil {
			list, left = append(list, m), append(left, pointer)
		}
	}
	if len(left) == 0 {
		delete(t.byPath, path)
	} else {
		t.byPath[path] = left
	}
	return list
}
