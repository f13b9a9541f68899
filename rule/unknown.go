package rule

import (
	"slices"

	"apinto-jwt/internal/configjson"
)

// noteUnknown takes the fields of an entry that are not ours. One that somebody must have meant otherwise refuses the rule
// when it is saved. Any other is a warning, as interfaces may send fields of their own.
func (r *Rule) noteUnknown(cfg *Config) {
	u := configjson.UnknownFields{Refused: &r.objections, Warnings: &r.Warnings}
	u.Add("config", cfg.decoded.Unknown, configjson.FieldNames[Config](), foreignNames, besideNames)
	if cfg.Issue != nil {
		u.Add("config.issue", cfg.Issue.decoded.Unknown, configjson.FieldNames[IssueConfig](), issueNames)
	}
	u.Add("", cfg.decoded.beside, entryFields, entryNames, insideNames)
}

// insideNames are the rule's own fields, by their plain names, if they are found beside "config".
var insideNames = func() map[string]string {
	names := make(map[string]string)
	for _, field := range configjson.FieldNames[Config]() {
		names[configjson.PlainName(field)] = field + ", inside config"
	}
	return names
}()

// entryFields are the fields of an entry of "auth".
var entryFields = []string{"type", "token_name", "position", "config", "users"}

// UnknownBeside returns the names of an entry's fields that are not the host's, in order. Nil: there are none.
func UnknownBeside(entry any) []string {
	members, _ := entry.(map[string]any)
	var names []string
	for _, name := range sortedKeys(members) {
		if !slices.Contains(entryFields, name) {
			names = append(names, name)
		}
	}
	return names
}
