package peers

import (
	"fmt"
	"strconv"
	"strings"

	"apinto-jwt/bench/gate"
	"apinto-jwt/bench/report"
	"apinto-jwt/bench/token"
)

// loadCase is a kind of load. The cases differ from the first one in one thing each.
type loadCase struct {
	name        string
	connections int
	algorithm   string
	fresh       bool // every request brings a token that has not been seen
	apps        int
	tls         bool
	body        int  // bytes of a POST's body; 0: a GET
	open        bool // the routes that ask for nothing are measured too
}

// base is the case that the others vary.
var base = loadCase{name: "base", connections: 32, algorithm: "HS256", apps: 1, open: true}

// bodySize is the size of a body, in bytes.
const bodySize = 4 << 10

// cases returns the base and its variations, the numbers of applications last.
func cases(apps []int) []loadCase {
	list := []loadCase{base}
	vary := func(name string, change func(*loadCase)) {
		c := base
		c.name = name
		change(&c)
		list = append(list, c)
	}
	vary("1 connection", func(c *loadCase) { c.connections = 1 })
	vary("256 connections", func(c *loadCase) { c.connections = 256 })
	vary("TLS", func(c *loadCase) { c.tls = true })
	vary("4 KiB body", func(c *loadCase) { c.body = bodySize })
	// The open routes know neither token nor application.
	vary("new tokens", func(c *loadCase) { c.fresh, c.open = true, false })
	for _, algorithm := range []string{"RS256", "ES256"} {
		vary(algorithm, func(c *loadCase) { c.algorithm, c.open = algorithm, false })
	}
	for _, n := range apps {
		if n > 1 {
			vary(appsName(n), func(c *loadCase) { c.apps, c.open = n, false })
		}
	}
	return list
}

// appsName names the case of a number of applications.
func appsName(n int) string { return report.Whole(n) + " applications" }

// Names are the names by which cases can be chosen.
func Names(apps []int) []string {
	var names []string
	for _, c := range cases(apps) {
		names = append(names, c.short())
	}
	return names
}

// short returns the case's name on a command line.
func (c loadCase) short() string {
	if c.apps > 1 {
		return strconv.Itoa(c.apps)
	}
	return strings.ReplaceAll(c.name, " ", "-")
}

// describe returns the case in words.
func (c loadCase) describe() string {
	kind, scheme, method := "known token", "HTTP", "GET"
	if c.fresh {
		kind = "new tokens"
	}
	if c.tls {
		scheme = "HTTPS"
	}
	if c.body > 0 {
		method = fmt.Sprintf("POST of %d bytes", c.body)
	}
	return fmt.Sprintf("%s, %s, %d connections, %s, %s, applications: %d", scheme, method, c.connections, c.algorithm, kind, c.apps)
}

// rules returns the rules of the case's applications. The one whose tokens are sent is in the middle.
func (c loadCase) rules() []gate.Rule {
	rules := gate.Rules(c.apps, false)
	if c.algorithm != base.algorithm {
		rules[c.apps/2].Key = token.NewKey(c.algorithm)
	}
	return rules
}

// rule returns the one whose tokens are sent.
func (c loadCase) rule() gate.Rule { return c.rules()[c.apps/2] }
