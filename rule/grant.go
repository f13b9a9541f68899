package rule

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"apinto-jwt/internal/configjson"
	"apinto-jwt/internal/printable"
	"apinto-jwt/internal/resourceuri"
)

// Asked is what a client asks of a token, beyond its user.
type Asked struct {
	Resources []string // "resource" (RFC 8707 §2), each value; empty: none.
	Scope     string   // "scope" (RFC 6749 §3.3); empty: none.
}

// Grant is what a token is made for, as far as a client can ask for it.
type Grant struct {
	Resources []string // "aud"; empty: the client asked for none, and the rule's audience counts.
	Scope     string   // "scope"; empty: the client asked for none, and the rule's counts.
}

// Narrowed reports whether the client asked for less than the rule gives.
func (g Grant) Narrowed() bool { return len(g.Resources) > 0 || g.Scope != "" }

var (
	// ErrTarget is a resource that may not be asked for (RFC 8707 §2, "invalid_target").
	ErrTarget = errors.New("is not a resource that may be asked for")
	// ErrScope is a scope that may not be asked for (RFC 6749 §5.2, "invalid_scope").
	ErrScope = errors.New("is not a scope that may be asked for")
)

// Grant narrows what the rule gives to what a client asks for at a login. Errors: ErrTarget, ErrScope.
func (i *Issue) Grant(asked Asked) (g Grant, err error) {
	if len(asked.Resources) > 0 {
		if g.Resources, err = narrowResources(i.resources, asked.Resources); err != nil {
			return Grant{}, err
		}
	}
	if asked.Scope != "" {
		if g.Scope, err = narrowScope(strings.Fields(i.Scope), asked.Scope); err != nil {
			return Grant{}, err
		}
	}
	return g, nil
}

// GrantWithin narrows what was granted at the login to what a client asks for at a refresh: never to more, and never to
// what the rule has ceased to give (RFC 6749 §6, RFC 8707 §2.2). Errors: ErrTarget, ErrScope.
func (i *Issue) GrantWithin(first Grant, asked Asked) (g Grant, err error) {
	resources, scope := i.audience, strings.Fields(i.Scope)
	if len(first.Resources) > 0 {
		resources = nil
		for _, granted := range first.Resources { // as it is spelled by now
			if at := slices.IndexFunc(i.resources, sameResource(granted)); at >= 0 {
				resources = append(resources, i.resources[at])
			}
		}
		if len(resources) == 0 {
			return Grant{}, ErrTarget
		}
		g.Resources = resources
	}
	if len(asked.Resources) > 0 {
		if g.Resources, err = narrowResources(resources, asked.Resources); err != nil {
			return Grant{}, err
		}
	}
	if first.Scope != "" {
		if scope = common(strings.Fields(first.Scope), scope); len(scope) == 0 {
			return Grant{}, ErrScope
		}
		g.Scope = strings.Join(scope, " ")
	}
	if asked.Scope != "" {
		if g.Scope, err = narrowScope(scope, asked.Scope); err != nil {
			return Grant{}, err
		}
	}
	return g, nil
}

// narrowResources returns the resources that are asked for, each once and as it is configured.
func narrowResources(allowed, asked []string) (granted []string, err error) {
	for _, resource := range asked {
		at := slices.IndexFunc(allowed, sameResource(resource))
		if at < 0 || resourceuri.Check(resource) != nil {
			return nil, ErrTarget
		}
		if !slices.Contains(granted, allowed[at]) {
			granted = append(granted, allowed[at])
		}
	}
	return granted, nil
}

// sameResource reports of another spelling whether it names the resource. What is no resource is only itself.
func sameResource(resource string) func(other string) bool {
	canonical := resourceuri.Canonical(resource)
	return func(other string) bool { return resourceuri.Canonical(other) == canonical }
}

// narrowScope returns the scope that is asked for, each of its tokens once. Tokens are parted by single blanks (RFC 6749 §3.3).
func narrowScope(allowed []string, asked string) (string, error) {
	var granted []string
	for token := range strings.SplitSeq(asked, " ") {
		if !slices.Contains(allowed, token) {
			return "", ErrScope
		}
		if !slices.Contains(granted, token) {
			granted = append(granted, token)
		}
	}
	return strings.Join(granted, " "), nil
}

// common returns what stands in both lists, in the order of the first.
func common(list, other []string) (both []string) {
	for _, item := range list {
		if slices.Contains(other, item) {
			both = append(both, item)
		}
	}
	return both
}

// compileResources reads what clients may ask for. It refuses what the rule would not accept in a token. A resource that
// the rule's audience spells in another way is spelled so in tokens.
func (i *Issue) compileResources(cfg *Config, f *configjson.FieldErrors) {
	if len(cfg.Issue.Resources) == 0 {
		i.resources = i.audience
		return
	}
	for n, resource := range cfg.Issue.Resources {
		field := fmt.Sprintf("config.issue.resources[%d]", n)
		if err := resourceuri.Check(resource); err != nil {
			f.Add(field, "%q %s", printable.Text(resource), err)
			continue
		}
		if slices.ContainsFunc(i.resources, sameResource(resource)) {
			f.Add(field, "%q is there twice", printable.Text(resource))
		}
		if at := slices.IndexFunc(cfg.Audience, sameResource(resource)); at >= 0 {
			resource = cfg.Audience[at]
		} else if len(cfg.Audience) > 0 {
			f.Add(field, "%q is not in config.audience: the rule would refuse tokens for it; add it there", printable.Text(resource))
		}
		i.resources = append(i.resources, resource)
	}
}
