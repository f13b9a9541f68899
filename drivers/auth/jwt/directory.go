package jwt

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// directory finds the rules of a group by the users that they have. Where one issuer's key serves many applications,
// all their rules would else be asked about every new token, to find the one that knows its user. It is read without a
// lock and changed under the registry's.
type directory[T indexed] struct {
	// sections are nil where the rules find their users in too many ways for the directory to be of use.
	sections atomic.Pointer[[]*section[T]]
	// most is how many rules a user is found by; 0: all.
	most int
}

// indexed is what a directory lists: a rule, or something that stands for one.
type indexed interface {
	comparable
	ruleOf() *rule.Rule
}

func (b *binding) ruleOf() *rule.Rule { return b.rule }

// payload is what a token says, proven or not.
type payload interface {
	Name(path token.Path) (string, error)
}

// section is the rules that find their user in the same way: by the claim at the path, or the one user that they name.
type section[T indexed] struct {
	path  token.Path
	text  string // of the path
	user  string
	rules sync.Map // of []T, which are never changed, by user
}

const (
	// manyRules is from how many rules on a group has a directory; to ask a few costs less.
	manyRules = 8
	// mostSections is how many ways to find a user a directory has at most.
	mostSections = 8
)

// name is the user whom the token names for the section's rules.
func (s *section[T]) name(v payload) (string, bool) {
	if s.user != "" {
		return s.user, true
	}
	name, err := v.Name(s.path)
	return name, err == nil
}

// having is the rules that have the user, in the rules' order.
func (s *section[T]) having(name string) []T {
	rules, _ := s.rules.Load(name)
	list, _ := rules.([]T)
	return list
}

// each visits the rules that have the token's user; false where the directory is of no use.
func (d *directory[T]) each(v payload, visit func(T)) bool {
	if d == nil {
		return false
	}
	sections := d.sections.Load()
	if sections == nil {
		return false
	}
	for _, s := range *sections {
		name, ok := s.name(v)
		if !ok {
			continue
		}
		for _, b := range s.having(name) {
			visit(b)
		}
	}
	return true
}

// newDirectory is an empty one.
func newDirectory[T indexed]() *directory[T] {
	d := new(directory[T])
	d.sections.Store(new([]*section[T]))
	return d
}

// enterAll notes all users of a rule.
func (d *directory[T]) enterAll(rule T, b *binding) {
	for _, names := range b.apps {
		for _, name := range names {
			d.enter(rule, name)
		}
	}
}

// enter notes that the rule has the user.
func (d *directory[T]) enter(rule T, name string) {
	s := d.section(rule.ruleOf())
	if s == nil {
		return
	}
	list := s.having(name)
	if slices.Contains(list, rule) {
		return
	}
	at, _ := slices.BinarySearchFunc(list, rule, func(a, b T) int { return strings.Compare(a.ruleOf().Order, b.ruleOf().Order) })
	list = slices.Insert(slices.Clip(list), at, rule)
	if d.most > 0 && len(list) > d.most {
		list = list[:d.most]
	}
	s.rules.Store(name, list)
}

// leave notes that the rule no longer has the user.
func (d *directory[T]) leave(rule T, name string) {
	s := d.section(rule.ruleOf())
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

// section is that of the rule, made where there is none; nil where the directory is of no use, or now becomes so.
func (d *directory[T]) section(r *rule.Rule) *section[T] {
	known := d.sections.Load()
	if known == nil {
		return nil
	}
	sections, text := *known, r.Path.String()
	for _, s := range sections {
		if s.user == r.User && s.text == text {
			return s
		}
	}
	if len(sections) == mostSections {
		d.sections.Store(nil)
		return nil
	}
	s := &section[T]{path: r.Path, text: text, user: r.User}
	sections = append(slices.Clip(sections), s)
	d.sections.Store(&sections)
	return s
}

// enter notes in the directories of its groups that the rule has the user.
func (b *binding) enter(name string) {
	for _, g := range b.groups {
		if d := g.directory.Load(); d != nil {
			d.enter(b, name)
		}
		g.eachCrowd(func(c *crowd) { c.enter(member{b, g}, name) })
	}
}

// leave notes in the directories of its groups that the rule no longer has the user.
func (b *binding) leave(name string) {
	for _, g := range b.groups {
		if d := g.directory.Load(); d != nil {
			d.leave(b, name)
		}
		g.eachCrowd(func(c *crowd) { c.leave(member{b, g}, name) })
	}
}

// file notes the users of a rule that has come to the group, and of all others where they have become many.
func (g *group) file(b *binding, many int) {
	if d := g.directory.Load(); d != nil {
		d.enterAll(b, b)
	} else if rules := g.rules.all(); len(rules) >= many {
		d := newDirectory[*binding]()
		for _, b := range rules {
			d.enterAll(b, b)
		}
		g.directory.Store(d)
	}
}
