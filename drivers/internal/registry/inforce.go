package registry

import (
	"maps"
	"slices"
	"strings"
)

// InForce is a rule in force, with what is read and changed under the registry's lock alone.
type InForce struct {
	*Binding
	Applications []string
	Groups       []*KeyGroup
}

// InForce are the rules that can accept tokens, in their order.
func (g *Registry) InForce() []InForce {
	g.mu.Lock()
	list := make([]InForce, 0, len(g.bindings))
	for _, b := range g.bindings {
		if b.Rule.InForce() {
			list = append(list, InForce{b, slices.Sorted(maps.Keys(b.apps)), slices.Clone(b.groups)})
		}
	}
	g.mu.Unlock()
	slices.SortFunc(list, func(a, b InForce) int { return strings.Compare(a.Rule.Order, b.Rule.Order) })
	return list
}

// EachUser visits the names of the users who are listed, until visit says that it is enough.
func (b *Binding) EachUser(visit func(name string) (enough bool)) {
	b.users.users.Range(func(name, _ any) bool { return !visit(name.(string)) })
}
