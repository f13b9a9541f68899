// Package issuance knows the keys that the gateway signs tokens with, and those that it has signed with (signers.go): which
// of them are published (publication.go), which are kept on disk for the next start (signerfile.go), and which others than
// rules sign with (lent.go). Signers names the last two: one lock is for all.
package issuance

import (
	"crypto/sha256"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/eolinker/apinto/application"
	"github.com/puzpuzpuz/xsync/v4"
	"github.com/tidwall/gjson"

	"apinto-jwt/internal/appid"
	"apinto-jwt/keys"
	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// Signers are the keys that the gateway signs tokens with, and those that it has signed with, until the last of their
// tokens has expired.
type Signers struct {
	mu      sync.Mutex
	signing map[string]*signingKey   // by the rule's ID
	byKeyID map[string][]*signingKey // those of key pairs that sign
	lent    map[lentID]*lentKey      // to others than rules
	retired []*signingKey            // the oldest first
	// thumbprints count the rules of all of them. Requests read it without a lock; any reports that there is one.
	thumbprints *xsync.Map[thumbprint, int]
	any         atomic.Bool
	// file is for the next start; nil if nothing is kept. The signers and their file name each other: a change has the
	// file written, and the file is written from the signers, under their lock.
	file *signerFile
}

// thumbprint is a key's, whatever its ID.
type thumbprint = [sha256.Size]byte

// signingKey is a key that signs, or has signed.
type signingKey struct {
	key   *keys.Key // its verifying half
	rule  string    // the rule's ID
	order string    // the rule's
	life  time.Duration
	until time.Time // when its last token has expired; zero while it signs
}

// public reports whether the key has a public half.
func (s *signingKey) public() bool { return s.key.Kind() != keys.KindSecret }

// maxRetired bounds the keys that are remembered for what they have signed.
const maxRetired = 1000

// NewSigners knows no keys yet.
func NewSigners() *Signers {
	return &Signers{
		signing: make(map[string]*signingKey), byKeyID: make(map[string][]*signingKey), lent: make(map[lentID]*lentKey),
		thumbprints: xsync.NewMap[thumbprint, int](),
	}
}

// Begin notes that the rule is in force.
func (s *Signers) Begin(r *rule.Rule) {
	if r.Issue == nil {
		return
	}
	one := &signingKey{key: r.Issue.Key.Verifier(), rule: r.ID, order: r.Order, life: r.Issue.AccessTTL + rule.MaxLeeway*time.Second}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.signing[r.ID] = one
	if one.public() {
		s.byKeyID[one.key.ID()] = append(s.byKeyID[one.key.ID()], one)
		s.changed()
	}
	s.count(one, +1)
}

// End notes that the rule is no longer in force.
func (s *Signers) End(r *rule.Rule, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one, ok := s.signing[r.ID]
	if !ok {
		return
	}
	delete(s.signing, r.ID)
	if left := slices.DeleteFunc(s.byKeyID[one.key.ID()], func(other *signingKey) bool { return other == one }); len(left) > 0 {
		s.byKeyID[one.key.ID()] = left
	} else {
		delete(s.byKeyID, one.key.ID())
	}
	one.until = now.Add(one.life)
	s.retire(one, now)
	if one.public() {
		s.changed()
	}
}

// retire keeps a key that has signed, and forgets those whose tokens have all expired. The lock is held.
func (s *Signers) retire(one *signingKey, now time.Time) {
	oldest := max(0, len(s.retired)+1-maxRetired)
	kept := s.retired[:0]
	for i, old := range s.retired {
		if i < oldest || !old.until.After(now) {
			s.count(old, -1)
			continue
		}
		kept = append(kept, old)
	}
	clear(s.retired[len(kept):])
	s.retired = append(kept, one)
}

// count notes a rule more or less that has the key. The lock is held.
func (s *Signers) count(one *signingKey, by int) {
	s.any.Store(true)
	s.thumbprints.Compute(one.key.Thumbprint(), func(n int, _ bool) (int, xsync.ComputeOp) {
		if n += by; n > 0 {
			return n, xsync.UpdateOp
		}
		return 0, xsync.DeleteOp
	})
}

// Published returns the public keys of those that sign, in the rules' order and then those that are lent, and of those that have
// signed, the latest first.
// Each key ID is there once: a second key of the same ID goes by its JWK thumbprint (RFC 7638).
func (s *Signers) Published(now time.Time) *keys.Set {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := slices.SortedFunc(maps.Values(s.signing), func(a, b *signingKey) int { return strings.Compare(a.order, b.order) })
	list = append(list, s.lentKeys()...)
	for _, one := range slices.Backward(s.retired) {
		if one.until.After(now) {
			list = append(list, one)
		}
	}
	var out publication
	for _, one := range list {
		if one.public() {
			out.add(one.key)
		}
	}
	return keys.NewSet(out.keys...)
}

// Issues reports whether a rule in force signs with the key, whatever its ID.
func (s *Signers) Issues(key *keys.Key) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.signing {
		if one.key.Thumbprint() == key.Thumbprint() {
			return true
		}
	}
	return false
}

// Rivals returns the IDs of the rules whose keys have the key ID of this rule's, and are others.
func (s *Signers) Rivals(r *rule.Rule) (rules []string) {
	if r.Issue == nil || r.Issue.Key.ID() == "" || r.Issue.Key.Algorithm().Kind() == keys.KindSecret {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.byKeyID[r.Issue.Key.ID()] {
		if one.key.Thumbprint() != r.Issue.Key.Verifier().Thumbprint() {
			rules = append(rules, one.rule)
		}
	}
	return rules
}

// clientPath is where a token names the application that it was minted for (RFC 8693 §4.3).
var clientPath = token.MustPath("client_id")

// Made reports whether the gateway has minted the token. Its user is, or was, a listed one.
func (s *Signers) Made(v *token.Verified) bool {
	if !s.any.Load() || !minted(v.ID()) {
		return false
	}
	_, ours := s.thumbprints.Load(v.Key().Thumbprint())
	return ours
}

// ForAnother reports whether the gateway has minted the token for another application than this one.
func (s *Signers) ForAnother(v *token.Verified, app application.IApp) bool {
	if !s.Made(v) {
		return false
	}
	client, ok := v.Find(clientPath)
	return ok && client.Type == gjson.String && appid.Name(client.Str) != appid.Name(app.Id())
}
