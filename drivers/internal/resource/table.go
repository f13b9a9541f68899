package resource

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"weak"
)

// Table has the resources of the filters of a process. A filter's metadata is in it for as long as the filter lives: the
// host does not say when it drops one, so the table holds none of them.
type Table struct {
	mu   sync.Mutex
	list []weak.Pointer[Metadata] // The newest last.
}

// Add puts the metadata of a filter into the table.
func (t *Table) Add(m *Metadata) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.list = append(slices.DeleteFunc(t.list, gone), weak.Make(m))
}

// Find returns the metadata of the resource that a request for a document means: by the path behind the well-known one,
// and by the host if several resources have that path. Of filters with one resource the newest that describes it counts.
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
	for _, m := range t.resources() {
		switch {
		case m.URI.path() != own:
		case m.URI.at(host):
			found = m
		default:
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
	for _, m := range t.living() {
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

// resources returns one metadata for each resource.
func (t *Table) resources() map[string]*Metadata {
	list := make(map[string]*Metadata)
	for _, m := range t.living() {
		if former, ok := list[m.Resource]; !ok || len(m.Described()) > 0 || len(former.Described()) == 0 {
			list[m.Resource] = m
		}
	}
	return list
}

// living returns what is in the table, the newest last.
func (t *Table) living() []*Metadata {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.list = slices.DeleteFunc(t.list, gone)
	list := make([]*Metadata, 0, len(t.list))
	for _, pointer := range t.list {
		if m := pointer.Value(); m != nil {
			list = append(list, m)
		}
	}
	return list
}

// gone reports whether the filter is no more.
func gone(p weak.Pointer[Metadata]) bool { return p.Value() == nil }
