package mcp

import "strings"

// Free reports whether a method is allowed unless the configuration names it: it tells what there is, keeps the connection,
// or acts on targets, which are asked for one by one.
func Free(method string) bool {
	switch method {
	case "initialize", "ping", "server/discover", // who is there
		"tools/list", "prompts/list", "resources/list", "resources/templates/list", // what there is
		methodTool, methodPrompt, methodRead, methodSubscribe, methodLeave, methodComplete, methodListen: // by their targets
		return true
	}
	return strings.HasPrefix(method, "notifications/")
}
