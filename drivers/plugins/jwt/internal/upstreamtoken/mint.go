package upstreamtoken

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/tidwall/gjson"

	"apinto-jwt/issuer"
	"apinto-jwt/token"
)

// Terms are what all tokens for one upstream have in common.
type Terms struct {
	Key      *issuer.SigningKey
	Issuer   string        // "iss"
	Audience []string      // "aud"
	Lifetime time.Duration // of a token, in whole seconds, if the client's does not end before.
	Claims   []Claim
	// Prefix stands before the token in the value of the header, as "Bearer ".
	Prefix string
	// MaxLength of a value, in bytes.
	MaxLength int
}

// Claim is a claim of the client's token that becomes one of the upstream's.
type Claim struct {
	Name string
	Path token.Path
}

// Accepted is whom the gateway has accepted.
type Accepted struct {
	Token  *token.Verified
	User   string
	Client string // Name of the application.
}

// The claims that every token has (RFC 9068 §2.2), and the actor of a delegation (RFC 8693 §4.1).
const (
	subject = "sub"
	actor   = "act"
)

// Reserved reports whether a claim is the gateway's own to set.
func Reserved(name string) bool {
	switch name {
	case "iss", "aud", "client_id", "iat", "nbf", "exp", "jti":
		return true
	}
	return false
}

// The reasons for which no token is made.
var (
	errSubject = errors.New("the claim that becomes sub is missing, or is no text")
	errLength  = errors.New("the token is too long for a header")
)

// actorPath is where the client's token names the actor.
var actorPath, _ = token.ParsePath(actor)

// idBytes is the random part of a token's ID.
const idBytes = 16

// sign makes a token. It never outlives the client's.
func (t *Terms) sign(a Accepted, now time.Time) (value string, life span, err error) {
	life = t.life(a.Token, now)
	claims, err := t.claims(a, life)
	if err != nil {
		return "", life, err
	}
	raw, err := t.Key.Sign(issuer.Header{Type: issuer.AccessType}, claims.JSON())
	if err != nil {
		return "", life, err
	}
	if value = t.Prefix + raw; len(value) > t.MaxLength {
		return "", life, errLength
	}
	return value, life, nil
}

// claims returns the claims of a token, the client's behind our own.
func (t *Terms) claims(a Accepted, life span) (issuer.Object, error) {
	var o issuer.Object
	user, err := t.subject(a)
	id := make([]byte, idBytes)
	_, _ = rand.Read(id) // never fails, by its documentation
	var audience any = t.Audience
	if len(t.Audience) == 1 {
		audience = t.Audience[0]
	}
	err = errors.Join(
		err, o.Set("iss", t.Issuer), o.Set(subject, user), o.Set("aud", audience), o.Set("client_id", a.Client),
		o.Set("iat", life.begin), o.Set("exp", life.end), o.Set("jti", base64.RawURLEncoding.EncodeToString(id)),
	)
	// Without its actor a delegation would read as the user's own doing.
	err = errors.Join(err, copyClaim(&o, Claim{actor, actorPath}, a.Token))
	for _, c := range t.Claims {
		if c.Name == subject {
			continue
		}
		if c.Name == actor {
			o.Delete(actor)
		}
		err = errors.Join(err, copyClaim(&o, c, a.Token))
	}
	return o, err
}

// copyClaim adds a claim of the client's token, if it is there.
func copyClaim(o *issuer.Object, c Claim, v *token.Verified) error {
	claim, ok := v.Find(c.Path)
	if !ok || claim.Type == gjson.Null {
		return nil
	}
	if err := o.Set(c.Name, json.RawMessage(claim.Raw)); err != nil {
		return fmt.Errorf("claim %q cannot be copied", c.Name) // the error would show its value
	}
	return nil
}

// subject returns "sub": the user whom the gateway knows, unless a claim is chosen.
func (t *Terms) subject(a Accepted) (string, error) {
	for _, c := range t.Claims {
		if c.Name != subject {
			continue
		}
		switch claim, _ := a.Token.Find(c.Path); {
		case claim.Type == gjson.String && claim.Str != "":
			return claim.Str, nil
		case claim.Type == gjson.Number:
			return claim.Raw, nil
		}
		return "", errSubject
	}
	return a.User, nil
}

// span is the life of a token, in unix seconds.
type span struct {
	begin, end int64
	renew      int64 // From then on a new token would live longer, and is made.
	late       int64 // From then on the token is not used any more.
}

// life returns the life of a token that is made now. One that ends with the client's cannot be made to live longer.
func (t *Terms) life(v *token.Verified, now time.Time) span {
	ttl := int64(t.Lifetime / time.Second)
	begin := now.Unix()
	if exp := v.Expires(); exp.IsSet() && math.Floor(exp.Seconds()) <= float64(begin+ttl) {
		return span{begin, int64(math.Floor(exp.Seconds())), math.MaxInt64, math.MaxInt64}
	}
	end := begin + ttl
	return span{begin, end, end - ttl/4, end - ttl/8}
}
