package convert

import (
	"encoding/json"
	"fmt"
	"net/url"

	"apinto-jwt/rule"
)

// readApinto reads an application of a gateway with the builtin "jwt". The builtin looks at exp and nbf where they are listed
// and nowhere else: what it does not look at stays so.
func readApinto(n node, w *writer) {
	if !n.has("auth") {
		return
	}
	text := asJSON(n.members)
	findings, err := rule.Review(text)
	if err != nil {
		w.leave(n.at("auth"), "is no list of authentications")
		return
	}
	for _, f := range findings {
		w.leave(fmt.Sprintf("auth[%d]", f.Index), "%s: %s", f.Effect, f.Text)
	}
	entries, _ := n.members["auth"].([]any)
	kept := make([]any, 0, len(entries))
	for i, item := range entries {
		if keepEntry(item, fmt.Sprintf("auth[%d]", i), w) {
			kept = append(kept, item)
		}
	}
	n.members["auth"] = kept
	for _, name := range []string{"id", "profession", "create", "update", "version", "description"} {
		delete(n.members, name)
	}
	name := n.text("name")
	if name == "" {
		w.leave(n.at("name"), "is missing")
		return
	}
	body, _ := json.Marshal(n.members) // it was JSON
	w.result.Calls = append(w.result.Calls, Call{Method: "PUT", Path: "/api/app/" + url.PathEscape(name), Name: w.name(name), Body: body})
}

// keepEntry makes an entry one of this driver's, and reports whether the gateway would take it. Entries of other types stay.
func keepEntry(item any, field string, w *writer) bool {
	one, _ := item.(map[string]any)
	if one["type"] != "jwt" {
		return true
	}
	config, ok := one["config"].(map[string]any)
	if ok && config["claims_to_verify"] == nil {
		config["claims_to_verify"] = []any{}
	}
	name, _ := one["token_name"].(string)
	position, _ := one["position"].(string)
	var cfg rule.Config
	_ = json.Unmarshal(asJSON(one["config"]), &cfg) // the compiler says what is wrong
	if _, err := (rule.Compiler{}).Compile(name, position, &cfg, rule.Saved); err != nil {
		w.leave(field, "is left out, as the gateway would refuse it")
		return false
	}
	return true
}
