package jwt

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"apinto-jwt/internal/configjson"
	"apinto-jwt/token"
)

// rule is a Rule that has been compiled: immutable, and nothing in it is parsed again on a request.
type rule struct {
	id       string
	order    string  // decides which of several rules that accept a token is taken
	places   []place // in the order in which they are looked at
	source   *source
	issuer   string
	expected token.Expected
	path     token.Path
	user     string // the user's name where there is no path
	labels   []claimLabel
	warnings []string
	// objections are what a rule that is saved now is refused for. Those of a stored one are warnings.
	objections configjson.FieldErrors
	// aside lists the faults for which the entry is set aside: the rule accepts nothing. Empty: it is in force.
	aside []string
	entry string // name of the entry, for the log and the status page
	issue *issue // nil where the gateway issues no tokens under the rule
}

// compiler turns Rules into rules. Its salt keeps a rule's ID, which covers the secret, from telling anything about
// the secret.
type compiler struct {
	salt []byte
}

// compile checks the whole rule and reports every fault at once. tokenName and position are the entry's own fields.
func (c compiler) compile(tokenName, position string, cfg *Rule, from origin) (*rule, error) {
	var f configjson.FieldErrors
	f = append(f, cfg.decoded.Errors...)
	r := &rule{issuer: cfg.Iss, entry: entryName(tokenName, position, cfg)}
	r.places = compilePlaces(tokenName, position, cfg.CookieName, r, &f)
	r.source = compileKeys(cfg, r, &f)
	r.path, r.user = compilePath(cfg, &f)
	r.expected = compileExpected(cfg, r, &f)
	r.labels = compileLabels(cfg.ClaimsToLabels, &f)
	r.issue = compileIssue(cfg, r, &f)
	r.noteUnknown(cfg)
	if from == saved {
		f = append(f, r.objections...)
	} else {
		r.warnings = append(r.warnings, r.objections...)
	}
	if err := f.Err(ErrConfig); err != nil {
		return nil, err
	}
	r.id, r.order = c.identify(tokenName, position, cfg)
	return r, nil
}

// identify names the rule. Entries of the same ID share one rule and divide its users, so the ID covers every field without
// ambiguity, and the faults of one that is set aside.
func (c compiler) identify(tokenName, position string, cfg *Rule, aside ...string) (id, order string) {
	covered := []any{position, tokenName, cfg}
	if len(aside) > 0 {
		covered = append(covered, aside)
	}
	text, err := json.Marshal(covered)
	if err != nil { // strings, lists and booleans can always be written
		panic(err)
	}
	plain := sha256.Sum256(text)
	return c.name(plain[:]), string(plain[:])
}

// name is an ID that tells nothing of what it stands for.
func (c compiler) name(of []byte) string {
	salted := hmac.New(sha256.New, c.salt)
	salted.Write(of)
	return "jwt-" + hex.EncodeToString(salted.Sum(nil)[:16])
}

// compilePath reads the path to the user's name.
func compilePath(cfg *Rule, f *configjson.FieldErrors) (token.Path, string) {
	if cfg.Path == "" {
		if cfg.Iss == "" {
			f.Add("config.path", "is empty, and so is config.iss: one of them must say who the user is")
		}
		return token.Path{}, cfg.Iss
	}
	path, err := token.ParsePath(cfg.Path)
	if err != nil {
		f.Add("config.path", "%s", err)
	}
	return path, ""
}
