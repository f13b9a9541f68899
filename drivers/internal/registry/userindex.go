package registry

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// userIndex finds the rules of a group by the users that they have. If one issuer's key serves many applications,
// all their rules would else be asked about every new token, to find the one that knows its user. It is read without a
// lock and changed under the registry's.
type userIndex[T indexed] struct {
	// lookups are nil if the rules find their users in too many ways for the index to be of use.
	lookups atomic.Pointer[[]*userLookup[T]]
	// max is how many rules a user is found by; 0: all.
	max int
	// anyUser are the rules that take any user, in their order. The list is never changed.
	anyUser atomic.Pointer[[]T]
}

// indexed is what a user index lists: a rule, or something that stands for one.
type indexed interface {
	comparable
	ruleOf() *rule.Rule
	takesAny() bool
}

// payload is what a token says, proven or not.
type payload interface {
	Name(path token.Path) (string, error)
}

// userLookup is the rules that find their user in the same way: by the claim at the path, or the one user that they name.
type userLookup[T indexed] struct {
	path  token.Path
	text  string // of the path
	user  string
	rules sync.Map // of []T, which are never changed, by user
}

const (
	// manyRules is from how many rules on a group has a user index; to ask a few costs less.
	manyRules = 8
	// maxLookups is how many ways to find a user an index has at most.
	maxLookups = 8
)

// name is the user whom the token names for the lookup's rules.
func (s *userLookup[T]) name(v payload) (string, bool) {
	if s.user != "" {
		return s.user, true
	}
	name, err := v.Name(s.path)
	return name, err == nil
}

// having is the rules that have the user, in the rules' order.
func (s *userLookup[T]) having(name string) []T {
	rules, _ := s.rules.Load(name)
	list, _ := rules.([]T)
	return list
}

// each visits the rules that have the token's user, and those that take any; false if the index is of no use.
func (d *userIndex[T]) each(v payload, visit func(T)) bool {
	if d == nil {
		return false
	}
	sections := d.lookups.Load()
	if sections == nil {
		return false
	}
	for _, s := range *sections {
		name, ok := s.name(v)
		if !ok {
			continue
		}
		for _, b := range s.having(name) {
			if !b.takesAny() { // else it is visited below
				visit(b)
			}
		}
	}
	for _, b := range d.takingAny() {
		visit(b)
	}
	return true
}

// takingAny is the rules that take any user.
func (d *userIndex[T]) takingAny() []T {
	if list := d.anyUser.Load(); list != nil {
		return *list
	}
	return nil
}

// addAny notes that the rule takes any user.
func (d *userIndex[T]) addAny(rule T) {
	if list := d.takingAny(); !slices.Contains(list, rule) {
		list = d.insert(list, rule)
		d.anyUser.Store(&list)
	}
}

// removeAny notes that the rule no longer takes any user.
func (d *userIndex[T]) removeAny(rule T) {
	list := slices.DeleteFunc(slices.Clone(d.takingAny()), func(other T) bool { return other == rule })
	d.anyUser.Store(&list)
}

// insert returns a copy of the list with the rule at its place.
func (d *userIndex[T]) insert(list []T, rule T) []T {
	at, _ := slices.BinarySearchFunc(list, rule, func(a, b T) int { return strings.Compare(a.ruleOf().Order, b.ruleOf().Order) })
	list = slices.Insert(slices.Clip(list), at, rule)
	if d.max > 0 && len(list) > d.max {
		list = list[:d.max]
	}
	return list
}

// newUserIndex is an empty one.
func newUserIndex[T indexed]() *userIndex[T] {
	d := new(userIndex[T])
	d.lookups.Store(new([]*userLookup[T]))
	return d
}

// addAll notes all users of a rule, which are given by application.
func (d *userIndex[T]) addAll(rule T, users map[string][]string) {
	if rule.takesAny() {
		d.addAny(rule)
	}
	for _, names := range users {
		for _, name := range names {
			d.add(rule, name)
		}
	}
}

// add notes that the rule has the user.
func (d *userIndex[T]) add(rule T, name string) {
	s := d.lookup(rule.ruleOf())
	if s == nil {
		return
	}
	list := s.having(name)
	if slices.Contains(list, rule) {
		return
	}
	s.rules.Store(name, d.insert(list, rule))
}

// remove notes that the rule no longer has the user.
func (d *userIndex[T]) remove(rule T, name string) {
	s := d.lookup(rule.ruleOf())
	if s == nil {
		return
	}
	list := slices.DeleteFunc(slices.Clone(s.having(name)), func(other T) bool { return other == rule })
	if len(list) == 0 {
		s.rules.Delete(name)
		return
	}
	s.rules.Store(name, list)
}

// lookup returns the rule's, creating it if missing; nil if the index is of no use, or now becomes so.
func (d *userIndex[T]) lookup(r *rule.Rule) *userLookup[T] {
	known := d.lookups.Load()
	if known == nil {
		return nil
	}
	sections, text := *known, r.Path.String()
	for _, s := range sections {
		if s.user == r.User && s.text == text {
			return s
		}
	}
	if len(sections) == maxLookups {
		d.lookups.Store(nil)
		return nil
	}
	s := &userLookup[T]{path: r.Path, text: text, user: r.User}
	sections = append(slices.Clip(sections), s)
	d.lookups.Store(&sections)
	return s
}
