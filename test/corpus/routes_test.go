package corpus

import (
	"slices"
	"strings"
	"testing"
)

// Each class has cases that must pass and cases that must not: a route that refuses everything would pass otherwise.
func TestRouteCases(t *testing.T) {
	accepted, refused := make(map[string]int), make(map[string]int)
	for _, c := range RouteCases() {
		if c.Want == Accepted {
			accepted[c.Class]++
		} else {
			refused[c.Class]++
		}
		if (c.Want == Accepted) != (c.Status == 0) || c.Code != 0 && c.Status == 0 || (c.User == "") != (c.Status != 0) {
			t.Errorf("%s: status %d, code %d, user %q where %s is wanted", c.Name, c.Status, c.Code, c.User, c.Want)
		}
		if Routes()[c.Route] == nil || !strings.HasPrefix(c.Request, "POST "+RoutePath) {
			t.Errorf("%s: no request to a route", c.Name)
		}
	}
	classes := []string{
		"MCP headers", "MCP names in Base64", "MCP batches", "MCP members", "MCP names", "MCP audience", "MCP any user", "MCP requests",
	}
	for class := range refused {
		if !slices.Contains(classes, class) {
			t.Errorf("%q is a new class", class)
		}
	}
	for _, class := range classes {
		if t.Logf("%5d %5d %s", accepted[class], refused[class], class); accepted[class] < 2 || refused[class] < 10 {
			t.Errorf("%q has %d cases to be accepted, and %d to be refused", class, accepted[class], refused[class])
		}
	}
}
