package jwttoken

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"
	"time"
)

// store remembers what tokens alone do not say. A family is the tokens of one login; it is known by the part of their
// "jti" before the dot. What the store has not done when it should have answered, it does not do later, unless that does
// no harm.
type store interface {
	// begin makes a family whose first refresh token is out. If its owner has more than most of them, the oldest end.
	begin(family, owner string, most int, keep time.Duration) error
	// rotate puts the next refresh token of a family in the place of this one, with the answer that carries it. Until the
	// next one is used, whoever comes with this one again gets the same answer, for grace after it was delivered.
	rotate(family string, generation int, answer string, keep time.Duration) (turn, error)
	// delivered notes that the answer to the use of this refresh token could be given: grace begins.
	delivered(family string, generation int) error
	// end ends a family: all its refresh and access tokens.
	end(family string, keep time.Duration) error
	// revoke ends one access token. A family with too many of them ends as a whole.
	revoke(id string, keep time.Duration) error
	// ended tells whether the access token, or its family, has been ended.
	ended(id string) (bool, error)
	// current tells whether this is the family's refresh token that has not been used.
	current(family string, generation int) (bool, error)
	// reserve counts an attempt before it is made, if the limit leaves room. Left is how long a refusal holds: to the end
	// of the period.
	reserve(counter, id string, l limit) (s standing, left time.Duration, err error)
	// settle takes an attempt back, or lets it count. It may be called again.
	settle(counter, id string, counts bool) error
}

// limit is how many attempts may count in a period, which begins with the first.
type limit struct {
	most   int
	period time.Duration
	// lease is how long the outcome of an attempt may be open; 0: it counts from the start.
	lease time.Duration
}

// standing is what a limit says to an attempt.
type standing int

const (
	refused  standing = iota // as many as may be have counted
	reserved                 // there is room
	open                     // there may be room when the outcome of those before is known
)

// turn is what came of a refresh token's use.
type turn struct {
	outcome outcome
	answer  string // of the first use, with turnedBefore
}

// outcome is what a refresh token's use came to.
type outcome int

const (
	turnedNever  outcome = iota // the family is not known, or has been ended
	turned                      // the next one is in its place
	turnedBefore                // it was used a moment ago: the answer of that use
	turnedTwice                 // it was used before: the family is ended now
)

// grace is how long a refresh token may come again after its answer could be given: on a flaky network a client may not
// have got it.
const grace = 10 * time.Second

// mostLeeway is the most by which a rule lets a token outlive its expiry.
const mostLeeway = 300 * time.Second

// mostAccess is the longest time that an access token can be accepted for: access_ttl is a day at most.
const mostAccess = 24*time.Hour + mostLeeway

// maxRevoked bounds the revoked tokens of a family: beyond it those that have expired go, and if more than half of it
// have not, the family ends. Whoever refreshes and revokes again and again must not fill the store.
const maxRevoked = 1000

// What can be wrong with a store.
var (
	errNoStore    = errors.New("there is no such output, or it is no cache")
	errSlow       = errors.New("no answer in time")
	errFull       = errors.New("the store of the process is full")
	errUnreadable = errors.New("an answer that cannot be read")
)

// familyOf is the family of an access token.
func familyOf(id string) string {
	family, _, _ := strings.Cut(id, ".")
	return family
}

// The parts of a family's name, in bytes and in base64url.
const (
	ownerBytes, ownerLength   = 9, 12
	randomBytes, randomLength = 16, 22
)

// newFamily names a family of the owner. The first part is the same for all of them: what a Redis cluster knows of an
// owner has to be in one place.
func newFamily(owner string) string {
	sum := sha256.Sum256([]byte(owner))
	return base64.RawURLEncoding.EncodeToString(sum[:ownerBytes]) + random(randomBytes)
}

// ownerOf is the first part of a family's name; empty if it is none of newFamily's.
func ownerOf(family string) string {
	if len(family) != ownerLength+randomLength {
		return ""
	}
	return family[:ownerLength]
}
