package rule

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"apinto-jwt/internal/configjson"
	"apinto-jwt/token"
)

// Compiler makes Rules. Its zero value is of use if no ID is shown.
type Compiler struct {
	salt []byte
}

// NewCompiler makes a compiler. The salt keeps a rule's ID, which covers the secret, from telling anything about it.
func NewCompiler(salt []byte) Compiler { return Compiler{salt} }

// Compile checks the whole rule and reports every fault at once, as an ErrConfig. tokenName and position are the entry's
// own fields.
func (c Compiler) Compile(tokenName, position string, cfg *Config, from Origin) (*Rule, error) {
	var f configjson.FieldErrors
	f = append(f, cfg.decoded.Errors...)
	r := &Rule{Issuer: cfg.Iss, Entry: entryName(tokenName, position, cfg)}
	r.Locations = compileLocations(tokenName, position, cfg.CookieName, r, &f)
	r.compileVerifying(cfg, &f)
	if cfg.Path == "" && cfg.Iss == "" && !cfg.hasKeySet() {
		f.Add("config.path", "is empty, and so is config.iss: one of them must say who the user is")
	}
	r.Labels = compileLabels(cfg.ClaimsToLabels, &f)
	r.Issue = compileIssue(cfg, r, &f)
	r.noteUnknown(cfg)
	if from == Saved {
		f = append(f, r.objections...)
	} else {
		r.Warnings = append(r.Warnings, r.objections...)
	}
	if err := f.Err(ErrConfig); err != nil {
		return nil, err
	}
	r.ID, r.Order = c.Identify(tokenName, position, cfg)
	return r, nil
}

// CompileVerifying compiles the fields that verify a token: the keys, the demands on claims and the user's name. The error
// is an ErrConfig. With neither path nor issuer the rule has no user.
func CompileVerifying(cfg *Config) (*Rule, error) {
	var f configjson.FieldErrors
	r := &Rule{Issuer: cfg.Iss}
	r.compileVerifying(cfg, &f)
	if err := f.Err(ErrConfig); err != nil {
		return nil, err
	}
	return r, nil
}

// compileVerifying compiles the fields that every reader of a rule needs.
func (r *Rule) compileVerifying(cfg *Config, f *configjson.FieldErrors) {
	r.Keys = compileKeys(cfg, r, f)
	r.compilePath(cfg, f)
	r.Expected = compileExpected(cfg, r, f)
}

// Identify names the rule. Entries of the same ID share one rule and divide its users, so the ID covers every field without
// ambiguity, and the faults of one that is set aside.
func (c Compiler) Identify(tokenName, position string, cfg *Config, aside ...string) (id, order string) {
	covered := []any{position, tokenName, cfg}
	if len(aside) > 0 {
		covered = append(covered, aside)
	}
	text, err := json.Marshal(covered)
	if err != nil { // strings, lists and booleans can always be written
		panic(err)
	}
	plain := sha256.Sum256(text)
	return c.Name(plain[:]), string(plain[:])
}

// Name returns an ID that tells nothing of what it stands for.
func (c Compiler) Name(of []byte) string {
	salted := hmac.New(sha256.New, c.salt)
	salted.Write(of)
	return "jwt-" + hex.EncodeToString(salted.Sum(nil)[:16])
}

// compilePath reads the path to the user's name. With the key set of an issuer, an empty one is "sub" for whom AnyUser stands
// for, and for all if there is no issuer to be the name.
func (r *Rule) compilePath(cfg *Config, f *configjson.FieldErrors) {
	source := cfg.Path
	if source == "" && cfg.hasKeySet() {
		source = subjectClaim
	}
	if r.User = cfg.Iss; source == "" {
		return
	}
	path, err := token.ParsePath(source)
	if err != nil {
		f.Add("config.path", "%s", err)
	}
	r.Subject = path
	if cfg.Path != "" || cfg.Iss == "" {
		r.Path, r.User = path, ""
	}
}
