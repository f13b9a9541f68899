package jwttoken

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"time"

	driver "apinto-jwt/drivers/auth/jwt"
	"apinto-jwt/drivers/plugins/jwttoken/internal/store"
	"apinto-jwt/rule"
)

// refresh is the content of a refresh token: base64url(JSON).base64url(HMAC-SHA256). It is no JWT, so that nobody takes it for
// an access token, and it is authenticated, so that only what was given out once can end a family.
type refresh struct {
	App        string `json:"a"`
	User       string `json:"u"`
	Family     string `json:"f"`
	Generation int    `json:"n"` // the family's tokens are counted from 1
	Started    int64  `json:"s"` // when the user logged in, unix seconds
	Expires    int64  `json:"e"`
	// Resources and Scope are what the login was granted, if it asked for that: no refresh gets more (RFC 6749 §6).
	Resources []string `json:"r,omitempty"`
	Scope     string   `json:"c,omitempty"`
}

// maxRefresh is the longest refresh token that is looked at, in bytes. Resources and scope stand in an access token too,
// which has 16 KiB.
const maxRefresh = 32 << 10

// maxAccess is the longest time that an access token can be accepted for: access_ttl is a day at most.
const maxAccess = 24*time.Hour + store.MaxLeeway

// newRefresh returns the first token of a family.
func newRefresh(account *driver.Account, family string, what rule.Grant, now time.Time) refresh {
	return refresh{
		Resources: what.Resources, Scope: what.Scope,
		App: account.App(), User: account.User(), Family: family, Generation: 1,
		Started: now.Unix(), Expires: now.Add(account.RefreshTTL()).Unix(),
	}
}

// granted returns what the login was granted.
func (r refresh) granted() rule.Grant { return rule.Grant{Resources: r.Resources, Scope: r.Scope} }

// next returns the token that takes this one's place. It lives as long as a first one.
func (r refresh) next(account *driver.Account, now time.Time) refresh {
	r.Generation++
	r.Expires = now.Add(account.RefreshTTL()).Unix()
	return r
}

// keep returns how long the store has to know the family from now on: as long as any token lives that it gets now. The store
// never shortens it, so that the longest of all times is heeded when the rule's become shorter.
func (r refresh) keep(account *driver.Account) time.Duration {
	return max(account.RefreshTTL(), account.AccessTTL()+store.MaxLeeway) + time.Minute
}

// keepEnded returns how long the store must know that the family has ended: as long as any token may live that it ever
// got, whatever the rule says now.
func (r refresh) keepEnded(account *driver.Account) time.Duration {
	return max(r.keep(account), maxAccess+time.Minute)
}

// usable reports whether the token may be used now, as far as it says itself: it has not expired, its user may come in,
// and the user's tokens have not been ended since the login.
func (r refresh) usable(account *driver.Account, now time.Time) bool {
	return now.Unix() < r.Expires && account.RefreshTTL() > 0 && account.Usable(now) &&
		!account.EndedSince(time.Unix(r.Started, 0), now)
}

// seal returns the token's text.
func (r refresh) seal(account *driver.Account) string {
	text, _ := json.Marshal(r) // strings and numbers
	return base64.RawURLEncoding.EncodeToString(text) + "." +
		base64.RawURLEncoding.EncodeToString(authenticator(account.RefreshKey(), text))
}

// authenticator returns the HMAC of the text.
func authenticator(key, text []byte) []byte {
	digest := hmac.New(sha256.New, key)
	digest.Write(text)
	return digest.Sum(nil)
}

// openRefresh reads a token that was given out, and finds its owner.
func (s *service) openRefresh(raw string) (refresh, *driver.Account, bool) {
	payload, mac, found := strings.Cut(raw, ".")
	if len(raw) > maxRefresh || !found {
		return refresh{}, nil, false
	}
	encoding := base64.RawURLEncoding.Strict()
	text, textErr := encoding.DecodeString(payload)
	given, macErr := encoding.DecodeString(mac)
	var r refresh
	if textErr != nil || macErr != nil || json.Unmarshal(text, &r) != nil {
		return refresh{}, nil, false
	}
	account, known := s.accounts.Account(r.App, r.User)
	if !known || !hmac.Equal(given, authenticator(account.RefreshKey(), text)) {
		return refresh{}, nil, false
	}
	return r, account, true
}

// errSealed: an answer that was not sealed for this token.
var errSealed = errors.New("the answer cannot be opened")

// sealAnswer encrypts the answer to a refresh, for the one who has the token that was used: the store holds it for a
// while, and must not hold tokens.
func sealAnswer(account *driver.Account, used string, k kept) (string, error) {
	text, err := json.Marshal(k)
	if err != nil {
		return "", err
	}
	aead, err := answerCipher(account, used)
	if err != nil {
		return "", err
	}
	nonce := make([]byte, aead.NonceSize())
	_, _ = rand.Read(nonce) // never fails, by its documentation
	return string(aead.Seal(nonce, nonce, text, nil)), nil
}

// openAnswer returns the answer that was sealed.
func openAnswer(account *driver.Account, used, sealed string) (k kept, err error) {
	aead, err := answerCipher(account, used)
	if err != nil {
		return kept{}, err
	}
	if len(sealed) < aead.NonceSize() {
		return kept{}, errSealed
	}
	text, err := aead.Open(nil, []byte(sealed[:aead.NonceSize()]), []byte(sealed[aead.NonceSize():]), nil)
	if err != nil || json.Unmarshal(text, &k) != nil || k.Answer.AccessToken == "" { // another version's has none there
		return kept{}, errSealed
	}
	return k, nil
}

// answerCipher is AES-256-GCM with a key that the used token and the rule's key make.
func answerCipher(account *driver.Account, used string) (cipher.AEAD, error) {
	block, err := aes.NewCipher(authenticator(account.RefreshKey(), []byte("answer\x00"+used)))
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
