package token

import "strings"

// Members returns the names of the members that the path goes down through, from the top of the payload, if it names one
// value by members alone: a payload can be made that has a value there. False for any other path.
func (p Path) Members() ([]string, bool) {
	if p.gjson != "" {
		if strings.ContainsAny(p.gjson, gjsonSpecial) {
			return nil, false
		}
		return strings.Split(p.gjson, "."), true
	}
	names := make([]string, 0, len(p.steps))
	for _, s := range p.steps {
		if s.byIndex {
			return nil, false
		}
		names = append(names, s.name)
	}
	return names, len(names) > 0
}
