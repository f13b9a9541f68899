package registry

// Contents counts what a registry keeps, in force or not. What is left of an application that is gone shows in it.
type Contents struct {
	Rules, Applications, Groups, Locations, Idle int
	// UserIndexes are the groups whose rules are found by their users.
	UserIndexes int
	// Users are those of these groups' rules; IndexedUsers are those by which they are found.
	Users, IndexedUsers int
}

// Contents counts them now.
func (g *Registry) Contents() Contents {
	g.mu.Lock()
	defer g.mu.Unlock()
	c := Contents{
		Rules: len(g.bindings), Applications: len(g.reconfigurations), Groups: len(g.index.groups),
		Locations: len(g.index.locations()), Idle: len(g.idle),
	}
	for _, group := range g.index.groups {
		index := group.users.Load()
		if index == nil {
			continue
		}
		for _, b := range group.rules.all() {
			if !b.Ended() {
				c.Users += b.users.Size()
			}
		}
		lookups := index.lookups.Load()
		if lookups == nil {
			continue
		}
		c.UserIndexes++
		for _, l := range *lookups {
			l.rules.Range(func(_, rules any) bool { c.IndexedUsers += len(rules.([]*Binding)); return true })
		}
	}
	return c
}

// IndexFrom sets from how many rules on a group has a user index, before there are any.
func (g *Registry) IndexFrom(rules int) { g.index.many = rules }
