package jwt

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"apinto-jwt/keys"
	"apinto-jwt/token"
)

// rule is a Rule that has been compiled: immutable, and nothing in it is parsed again on a request.
type rule struct {
	id       string
	order    string // decides which of several rules that accept a token is taken
	place    place
	source   *source
	issuer   string
	expected token.Expected
	path     token.Path
	user     string // the user's name where there is no path
	warnings []string
}

// compiler turns Rules into rules. Its salt keeps a rule's ID, which covers the secret, from telling anything about
// the secret.
type compiler struct {
	salt []byte
}

// compile checks the whole rule and reports every fault at once. tokenName and position are the entry's own fields.
func (c compiler) compile(tokenName, position string, cfg *Rule) (*rule, error) {
	var f faults
	f = append(f, cfg.decoded.faults...)
	r := &rule{issuer: cfg.Iss}
	r.place = compilePlace(tokenName, position, &f)
	r.source = compileKeys(cfg, r, &f)
	r.path, r.user = compilePath(cfg, &f)
	r.expected = compileExpected(cfg, &f)
	if err := f.err(); err != nil {
		return nil, err
	}
	for _, name := range cfg.decoded.unknown {
		r.warnings = append(r.warnings, fmt.Sprintf("config.%s: is not a field of this driver and is ignored", name))
	}
	r.id, r.order = c.identify(tokenName, position, cfg)
	return r, nil
}

// identify names the rule. The host shares one authenticator among all entries of the same ID, so the ID covers every
// field without ambiguity.
func (c compiler) identify(tokenName, position string, cfg *Rule) (id, order string) {
	text, err := json.Marshal([]any{position, tokenName, cfg})
	if err != nil { // strings, lists and booleans can always be written
		panic(err)
	}
	plain := sha256.Sum256(text)
	salted := hmac.New(sha256.New, c.salt)
	salted.Write(plain[:])
	return "jwt-" + hex.EncodeToString(salted.Sum(nil)[:16]), string(plain[:])
}

// compileKeys reads the keys and binds them to the algorithm.
func compileKeys(cfg *Rule, r *rule, f *faults) *source {
	algorithm, err := keys.ParseAlgorithm(cfg.Algorithm)
	if err != nil {
		f.add("algorithm", "%s", err)
		return nil
	}
	if algorithm.Kind() == keys.KindSecret {
		return compileSecret(cfg, algorithm, r, f)
	}
	return compilePublicKeys(cfg, algorithm, f)
}

// compileSecret makes the HMAC key.
func compileSecret(cfg *Rule, algorithm keys.Algorithm, r *rule, f *faults) *source {
	secret, err := cfg.Secret.Bytes(cfg.SignatureIsBase64)
	if err != nil {
		f.add("secret", "%s; %s needs the secret that its tokens are signed with", err, algorithm)
		return nil
	}
	key, err := keys.NewSecretKey("", secret, algorithm)
	if err != nil {
		f.add("secret", "%s", err)
		return nil
	}
	if need := algorithm.Hash().Size() * 8; key.SecretBits() < need {
		r.warnings = append(r.warnings, fmt.Sprintf(
			"config.secret: is %d bits long, %s should have at least %d (RFC 7518 §3.2)", key.SecretBits(), algorithm, need))
	}
	return staticSource(keys.NewSet(key))
}

// compilePublicKeys makes the keys of a PEM text.
func compilePublicKeys(cfg *Rule, algorithm keys.Algorithm, f *faults) *source {
	public, err := keys.ParsePublicPEM(cfg.RsaPublicKey)
	if err != nil {
		f.add("rsa_public_key", "%s; %s needs a public key in PEM (-----BEGIN PUBLIC KEY-----)", err, algorithm)
		return nil
	}
	list := make([]*keys.Key, 0, len(public))
	for i, p := range public {
		key, err := keys.NewPublicKey("", p, algorithm)
		if err != nil {
			f.add("rsa_public_key", "block %d: %s", i+1, err)
			continue
		}
		list = append(list, key)
	}
	return staticSource(keys.NewSet(list...))
}

// compilePath reads the path to the user's name.
func compilePath(cfg *Rule, f *faults) (token.Path, string) {
	if cfg.Path == "" {
		if cfg.Iss == "" {
			f.add("path", "is empty, and so is config.iss: one of them must say who the user is")
		}
		return token.Path{}, cfg.Iss
	}
	path, err := token.ParsePath(cfg.Path)
	if err != nil {
		f.add("path", "%s", err)
	}
	return path, ""
}

// compileExpected reads what the claims must be.
func compileExpected(cfg *Rule, f *faults) token.Expected {
	e := token.Expected{Issuer: cfg.Iss, FutureIssue: true}
	if cfg.ClaimsToVerify == nil {
		return e
	}
	e.Exp, e.Nbf = token.Ignore, token.Ignore
	for _, claim := range cfg.ClaimsToVerify {
		switch strings.TrimSpace(claim) {
		case "exp":
			e.Exp = token.Require
		case "nbf":
			e.Nbf = token.Require
		default:
			f.add("claims_to_verify", "%q is not one of exp, nbf", claim)
		}
	}
	return e
}
