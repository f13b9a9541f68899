package rule

import (
	"errors"
	"strings"
	"time"

	"apinto-jwt/internal/configjson"
	"apinto-jwt/internal/printable"
	signing "apinto-jwt/issuer"
	"apinto-jwt/token"
)

// Issue is a rule's IssueConfig, compiled. Requests do not look into it: it is there for the endpoints that make tokens.
type Issue struct {
	Key        *signing.SigningKey // Signs the tokens.
	RefreshKey []byte              // Authenticates refresh tokens.
	AccessTTL  time.Duration       // How long access tokens live.
	RefreshTTL time.Duration       // How long refresh tokens live; 0: there are none.
	Scope      string              // "scope" of every token; empty: none.
	Store      string              // ID of the output that sessions and revocations are in; empty: the endpoint's.

	audience  []string
	resources []string // Resources that clients may ask for.
	path      []string // Names of the members that lead to the user's name.
	extra     signing.Object
	typ       string
}

// refreshLabel is the purpose for which the key of refresh tokens is derived.
const refreshLabel = "apinto-jwt refresh token 1"

// compileIssue reads "issue", and tries whether the rule accepts what it makes.
func compileIssue(cfg *Config, r *Rule, f *configjson.FieldErrors) *Issue {
	if cfg.Issue == nil {
		return nil
	}
	before := len(*f)
	*f = append(*f, cfg.Issue.decoded.Errors...)
	i := &Issue{
		AccessTTL:  issueSeconds("access_ttl", cfg.Issue.AccessTTL, minAccessTTL, maxAccessTTL, f),
		RefreshTTL: issueSeconds("refresh_ttl", cfg.Issue.RefreshTTL, 0, maxRefreshTTL, f),
		audience:   cfg.Issue.Audience,
		typ:        signing.AccessType,
	}
	if len(i.audience) == 0 {
		i.audience = cfg.Audience
	}
	i.compileResources(cfg, f)
	if cfg.TokenType != "" {
		i.typ = cfg.TokenType
	}
	i.Store = compileStore(cfg.Issue.Store, f)
	requireClaims(cfg, r, f)
	i.compileClaims(cfg, r, f)
	i.Key = compileSigningKey(cfg, r, f)
	if i.Key == nil || len(*f) > before {
		return nil
	}
	var err error
	if i.RefreshKey, err = i.Key.Derive(refreshLabel); err != nil {
		f.Add("config.issue.private_key", "%s", err)
	}
	if len(*f) == 0 { // else the rule itself is not to be relied on
		i.probe(r, f)
	}
	return i
}

// requireClaims refuses a rule whose tokens would have no issuer (RFC 9068 §2.2) or never expire, and has it require
// "exp" of every token: what a revocation is kept for ends with it.
func requireClaims(cfg *Config, r *Rule, f *configjson.FieldErrors) {
	if cfg.Iss == "" {
		f.Add("config.iss", "is missing: the tokens of config.issue must name their issuer (RFC 9068 §2.2): give one, as https://gateway.example")
	}
	if r.Expected.Exp == token.Ignore {
		f.Add("config.claims_to_verify", "must have \"exp\" beside config.issue, or else be left out: tokens would never expire, and their revocation would lapse")
		return
	}
	r.Expected.Exp = token.Require
}

// compileStore reads the ID of an output, as the host has it. Whether there is such an output is not looked at: it may be
// saved after the rule.
func compileStore(id string, f *configjson.FieldErrors) string {
	if id == "" {
		return ""
	}
	id = strings.ToLower(id)
	name, profession, _ := strings.Cut(id, "@")
	if name == "" || profession != "output" || strings.ContainsFunc(name, func(c rune) bool { return c <= ' ' || c == 0x7f }) {
		f.Add("config.issue.store", `%q is not the ID of a Redis output, as "sessions@output"`, printable.Text(id))
	}
	return id
}

// issueSeconds reads a duration.
func issueSeconds(field string, n, least, most int, f *configjson.FieldErrors) time.Duration {
	if n < least || n > most {
		f.Add("config.issue."+field, "must be %d to %d seconds", least, most)
	}
	return time.Duration(n) * time.Second
}

// compileClaims reads the further claims, and the place of the user's name.
func (i *Issue) compileClaims(cfg *Config, r *Rule, f *configjson.FieldErrors) {
	if err := i.extra.SetStatic(cfg.Issue.Claims); err != nil {
		f.Add("config.issue.claims", "%s", err)
	}
	if scope, ok := cfg.Issue.Claims["scope"].(string); ok {
		i.Scope = scope
	}
	if !r.Path.IsZero() {
		var ok bool
		if i.path, ok = r.Path.Members(); !ok {
			f.Add("config.issue", "config.path %q cannot be filled with a user's name: give the names of members, as sub or $.user.name", cfg.Path)
			return
		}
	}
	if _, err := (signing.Access{UserPath: i.path, Extra: i.extra}).Claims(); err != nil {
		f.Add("config.issue.claims", "%s; config.path and the claims must not be one of those", err)
	}
}

// The user and the client that a rule is tried with, and the time.
const (
	probeUser = "probe"
	probeTime = 1_700_000_000
)

// probe makes a token and puts it to the rule. What the rule demands of claims that differ from token to token is left
// out: each token is tried again when it is made.
func (i *Issue) probe(r *Rule, f *configjson.FieldErrors) {
	user := r.User
	if user == "" {
		user = probeUser
	}
	now := time.Unix(probeTime, 0)
	expected := r.Expected
	expected.Claims = nil
	for _, c := range r.Expected.Claims {
		switch name, _ := c.Path.Member(); {
		case name == "sub" || name == "client_id" || name == "jti", c.Path.String() == r.Path.String() && len(c.Values) > 0:
		default:
			expected.Claims = append(expected.Claims, c)
		}
	}
	raw, err := i.Sign(r, Recipient{user, probeUser}, probeUser, Grant{}, now)
	if err == nil {
		err = r.recognise(raw, user, &expected, now)
	}
	if err == nil {
		return
	}
	field, hint := "issue", "a token made under the rule is refused by it"
	switch reason := token.ReasonOf(err); reason {
	case token.SignatureInvalid, token.KeyUnknown, token.AlgorithmNotAllowed:
		field, hint = "issue.private_key", "is not the other half of one of the rule's public keys, or config.issue.kid is not its ID"
	case token.LifetimeTooLong:
		field, hint = "issue.access_ttl", "is longer than config.max_lifetime"
	case token.AudienceMismatch:
		field, hint = "issue.audience", "has none of config.audience"
	case token.ClaimMissing, token.ClaimMismatch:
		field, hint = "issue.claims", "does not have what config.required_claims asks for"
	}
	f.Add("config."+field, "%s (%s)", hint, err)
}

// errNotItsUser: a rule without a path has one user, its issuer.
var errNotItsUser = errors.New("the rule has no path: its one user is config.iss")

// Recipient is whom a token is made for.
type Recipient struct {
	User   string // Name of the user.
	Client string // "client_id".
}

// Sign makes a token with this "jti".
func (i *Issue) Sign(r *Rule, to Recipient, id string, g Grant, now time.Time) (string, error) {
	if r.Path.IsZero() && to.User != r.User {
		return "", errNotItsUser
	}
	access := signing.Access{
		Issuer: r.Issuer, Subject: to.User, Audience: i.audience, ClientID: to.Client, ID: id,
		IssuedAt: now, Lifetime: i.AccessTTL, User: to.User, UserPath: i.path, Extra: i.extra,
	}
	if len(g.Resources) > 0 {
		access.Audience = g.Resources
	}
	if len(access.Audience) == 0 {
		access.Audience = []string{to.Client}
	}
	if g.Scope != "" {
		var err error
		if access.Extra, err = i.extra.With("scope", g.Scope); err != nil {
			return "", err
		}
	}
	claims, err := access.Claims()
	if err != nil {
		return "", err
	}
	return i.Key.Sign(signing.Header{Type: i.typ}, claims.JSON())
}
