// Package appid turns an application's name into its ID and back, as the host does. The host compares both without
// regard to case: it makes every ID lower case.
package appid

import "strings"

// suffix is the end of an ID, behind the name: the host's profession.
const suffix = "@app"

// Of returns the ID of the application with this name or ID, as "shop@app" of "Shop".
func Of(nameOrID string) string {
	id := strings.ToLower(nameOrID)
	if !strings.Contains(id, "@") {
		id += suffix
	}
	return id
}

// Name returns the name of the application with this name or ID, in lower case, as "shop" of "Shop@app". It is the
// application's "client_id".
func Name(nameOrID string) string { return strings.TrimSuffix(strings.ToLower(nameOrID), suffix) }

// Valid reports whether this is an application's ID.
func Valid(id string) bool {
	name, found := strings.CutSuffix(id, suffix)
	return found && name != "" && !strings.Contains(name, "@")
}
