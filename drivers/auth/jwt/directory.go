package jwt

import (
	"slices"
	"sync"
	"sync/atomic"

	"apinto-jwt/token"
)

// directory finds the rules of a group by the users that they have. Where one issuer's key serves many applications,
// all their rules would else be asked about every new token, to find the one that knows its user. It is read without a
// lock and changed under the registry's.
type directory struct {
	// sections are nil where the rules find their users in too many ways for the directory to be of use.
	sections atomic.Pointer[[]*section]
}

// section is the rules that find their user in the same way: by the claim at the path, or the one user that they name.
type section struct {
	path  token.Path
	text  string // of the path
	user  string
	rules sync.Map // of []*binding, which are never changed, by user
}

const (
	// manyRules is from how many rules on a group has a directory; to ask a few costs less.
	manyRules = 8
	// mostSections is how many ways to find a user a directory has at most.
	mostSections = 8
)

// name is the user whom the token names for the section's rules.
func (s *section) name(v *token.Verified) (string, bool) {
	if s.user != "" {
		return s.user, true
	}
	name, err := v.Name(s.path)
	return name, err == nil
}

// having is the rules that have the user.
func (s *section) having(name string) []*binding {
	rules, _ := s.rules.Load(name)
	list, _ := rules.([]*binding)
	return list
}

// each visits the rules that have the token's user; false where the directory is of no use.
func (d *directory) each(v *token.Verified, visit func(*binding)) bool {
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

// newDirectory is one of these rules.
func newDirectory(rules []*binding) *directory {
	d := new(directory)
	d.sections.Store(new([]*section))
	for _, b := range rules {
		d.enterAll(b)
	}
	return d
}

// enterAll notes all users of a rule.
func (d *directory) enterAll(b *binding) {
	for _, names := range b.apps {
		for _, name := range names {
			d.enter(b, name)
		}
	}
}

// enter notes that the rule has the user.
func (d *directory) enter(b *binding, name string) {
	s := d.section(b.rule)
	if s == nil {
		return
	}
	if list := s.having(name); !slices.Contains(list, b) {
		s.rules.Store(name, append(slices.Clip(list), b))
	}
}

// leave notes that the rule no longer has the user.
func (d *directory) leave(b *binding, name string) {
	s := d.section(b.rule)
	if s == nil {
		return
	}
	list := slices.DeleteFunc(slices.Clone(s.having(name)), func(other *binding) bool { return other == b })
	if len(list) == 0 {
		s.rules.Delete(name)
		return
	}
	s.rules.Store(name, list)
}

// section is that of the rule, made where there is none; nil where the directory is of no use, or now becomes so.
func (d *directory) section(r *rule) *section {
	known := d.sections.Load()
	if known == nil {
		return nil
	}
	sections, text := *known, r.path.String()
	for _, s := range sections {
		if s.user == r.user && s.text == text {
			return s
		}
	}
	if len(sections) == mostSections {
		d.sections.Store(nil)
		return nil
	}
	s := &section{path: r.path, text: text, user: r.user}
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
	}
}

// leave notes in the directories of its groups that the rule no longer has the user.
func (b *binding) leave(name string) {
	for _, g := range b.groups {
		if d := g.directory.Load(); d != nil {
			d.leave(b, name)
		}
	}
}

// file notes the users of a rule that has come to the group, and of all others where they have become many.
func (g *group) file(b *binding, many int) {
	if d := g.directory.Load(); d != nil {
		d.enterAll(b)
	} else if rules := g.rules.all(); len(rules) >= many {
		g.directory.Store(newDirectory(rules))
	}
}
