package rule

import "apinto-jwt/internal/configjson"

// noteUnknown takes the fields of an entry that are not ours. One that somebody must have meant otherwise refuses the rule
// when it is saved. Any other is a warning, as interfaces may send fields of their own.
func (r *Rule) noteUnknown(cfg *Config) {
	u := configjson.UnknownFields{Refused: &r.objections, Warnings: &r.Warnings}
	u.Add("config", cfg.decoded.Unknown, configjson.FieldNames[Config](), foreignNames, besideNames)
	if cfg.Issue != nil {
		u.Add("config.issue", cfg.Issue.decoded.Unknown, configjson.FieldNames[IssueConfig](), issueNames)
	}
	u.Add("", cfg.decoded.beside, EntryFields, entryNames, insideNames)
}

// insideNames are the rule's own fields, by their plain names, where they are found beside "config".
var insideNames = func() map[string]string {
	names := make(map[string]string)
	for _, field := range configjson.FieldNames[Config]() {
		names[configjson.PlainName(field)] = field + ", inside config"
	}
	return names
}()

// EntryFields are the fields of an entry of "auth".
var EntryFields = []string{"type", "token_name", "position", "config", "users"}
