package registry

import (
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/eolinker/apinto/application"

	"apinto-jwt/drivers/internal/metrics"
	"apinto-jwt/keys"
	"apinto-jwt/rule"
)

// Binding is a rule that is in force, with the users of every application that uses it. Requests read it without a
// lock; it is changed under the registry's lock alone.
type Binding struct {
	Rule         *rule.Rule
	live         atomic.Bool
	WritesLabels bool                // the rule writes labels for accepted requests
	Counter      metrics.Latest      // Of its last request.
	users        userMap             // by the user's name, unique in a rule
	apps         map[string][]string // the users' names by application
	anyUsers     anyUsers            // Those who stand for all others.
	// only is the application if there is one; nil if there are several.
	only atomic.Pointer[string]
	// groups are those that it is in, read and changed under the registry's lock. A group and its rules name each other: a
	// request finds the rules by the group, and a rule's new users go into the indexes of its groups.
	groups []*KeyGroup
	// passwords are the bcrypt hashes of users who may have tokens of the gateway, by application and name. They are
	// read and changed under the registry's lock.
	passwords map[string]map[string]keys.Secret
	// clients are the keys of users who may have tokens of the gateway, by application and name. They are read and changed
	// under the registry's lock.
	clients map[string]map[string]*ClientKeys
	// warnings are about the users, by application. They are read and changed under the registry's lock.
	warnings map[string][]string
}

// Ended reports that it has no applications any more.
func (b *Binding) Ended() bool { return !b.live.Load() }

// newBinding puts a rule in force, without users.
func newBinding(r *rule.Rule) *Binding {
	b := &Binding{Rule: r, WritesLabels: r.WritesLabels(), apps: make(map[string][]string)}
	b.live.Store(true)
	return b
}

// set gives the application exactly these users, and the one who stands for all others, or nil. Names that stay are replaced
// in place, so that no request misses one.
func (b *Binding) set(appID string, users []*application.UserInfo, anyUser *application.UserInfo) {
	b.setAny(appID, anyUser)
	names := make([]string, 0, len(users))
	kept := make(map[string]struct{}, len(users))
	for _, user := range users {
		b.users.Store(user.Name, user)
		b.indexUser(user.Name)
		names = append(names, user.Name)
		kept[user.Name] = struct{}{}
	}
	for _, name := range b.apps[appID] {
		if _, ok := kept[name]; !ok {
			b.remove(appID, name)
		}
	}
	b.apps[appID] = names
	b.noteOwner()
}

// noteOwner notes whose the rule is.
func (b *Binding) noteOwner() {
	var sole *string
	if len(b.apps) == 1 {
		for appID := range b.apps {
			sole = &appID
		}
	}
	b.only.Store(sole)
}

// Owner is the one application that has the rule; empty if several have it.
func (b *Binding) Owner() string {
	if sole := b.only.Load(); sole != nil {
		return *sole
	}
	return ""
}

// drop removes the application and its users.
func (b *Binding) drop(appID string) {
	for _, name := range b.apps[appID] {
		b.remove(appID, name)
	}
	b.setAny(appID, nil)
	delete(b.apps, appID)
	delete(b.passwords, appID)
	b.dropClientKeys(appID)
	delete(b.warnings, appID)
	b.noteOwner()
}

// setPasswords gives the application's users exactly these passwords.
func (b *Binding) setPasswords(appID string, passwords map[string]keys.Secret) {
	if b.passwords == nil {
		b.passwords = make(map[string]map[string]keys.Secret)
	}
	b.passwords[appID] = passwords
}

// remove takes the user out, unless another application has got the name since.
func (b *Binding) remove(appID, name string) {
	if user, ok := b.users.Load(name); ok && user.App.Id() == appID {
		b.users.Delete(name)
		b.unindexUser(name)
	}
}

// size is how many users there are, with those who stand for all others.
func (b *Binding) size() int { return b.users.Size() + len(b.anyUsers.byApp) }

// check reports whether the application may have these users beside those of the other applications.
func (b *Binding) check(appID string, names []string) error {
	for _, name := range names {
		if user, ok := b.users.Load(name); ok && user.App.Id() != appID {
			return fmt.Errorf("%w: user %q already belongs to application %q under the same rule", ErrUser, name, user.App.Id())
		}
	}
	return nil
}

// userMap finds users by name, without a lock. Most rules have one user, and many a gateway has thousands of rules, so it
// must be small: maps that are made for speed alone begin with two KiB. Load may be called any time, the others one at a
// time.
type userMap struct {
	users sync.Map // of *application.UserInfo
	count int
}

// Load is the user of that name.
func (m *userMap) Load(name string) (*application.UserInfo, bool) {
	user, ok := m.users.Load(name)
	if !ok {
		return nil, false
	}
	return user.(*application.UserInfo), true
}

// Store puts the user in, in place of another one of that name.
func (m *userMap) Store(name string, user *application.UserInfo) {
	if _, there := m.users.Swap(name, user); !there {
		m.count++
	}
}

// Delete takes the user out.
func (m *userMap) Delete(name string) {
	if _, there := m.users.LoadAndDelete(name); there {
		m.count--
	}
}

// Size is how many users there are.
func (m *userMap) Size() int { return m.count }

// User is the user of that name.
func (b *Binding) User(name string) (*application.UserInfo, bool) { return b.users.Load(name) }

// Passwords are the bcrypt hashes of the application's users, by name. They are for whom [Registry.Issuing] calls.
func (b *Binding) Passwords(appID string) map[string]keys.Secret { return b.passwords[appID] }

func (b *Binding) ruleOf() *rule.Rule { return b.Rule }

// indexUser notes in the indexes of its groups that the rule has the user.
func (b *Binding) indexUser(name string) {
	for _, g := range b.groups {
		if d := g.users.Load(); d != nil {
			d.add(b, name)
		}
		g.eachCrowd(func(c *Crowd) { c.add(member{b, g}, name) })
	}
}

// unindexUser notes in the indexes of its groups that the rule no longer has the user.
func (b *Binding) unindexUser(name string) {
	for _, g := range b.groups {
		if d := g.users.Load(); d != nil {
			d.remove(b, name)
		}
		g.eachCrowd(func(c *Crowd) { c.remove(member{b, g}, name) })
	}
}
