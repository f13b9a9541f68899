// Package store remembers what tokens alone do not say: the sessions of users, what was ended early, and how many logins
// were tried.
//
// Store says what is asked of it. memory keeps it in the process (memory.go, counter.go, expiring.go), redisStore in a
// Redis that all nodes share (redis.go), by scripts (scripts.go, call.go), with reads that share a round trip (batch.go).
// Cached adds to either what this process knows (cached.go, known.go) and what it does while the store fails (failure.go).
package store

import "time"

// Store keeps the families of tokens and the counters of attempts. A family is the tokens of one login, see NewFamily.
// What a store has not done in time it does not do later, unless that does no harm.
type Store interface {
	// Begin makes a family whose first refresh token is out. If its owner then has more than this many, the oldest end.
	Begin(family, owner string, sessions int, keep time.Duration) error
	// Rotate replaces a family's refresh token by the next one, and keeps the answer that carries that. If this token is
	// used again before the next one, the result has the same answer, for ten seconds after Delivered.
	Rotate(family string, generation int, answer string, keep time.Duration) (Rotation, error)
	// Delivered records that the answer to the use of this refresh token could be given.
	Delivered(family string, generation int) error
	// End ends a family: all its refresh and access tokens.
	End(family string, keep time.Duration) error
	// Revoke ends one access token. A family with too many of them ends as a whole.
	Revoke(id string, keep time.Duration) error
	// Ended reports whether the access token, or its family, has been ended.
	Ended(id string) (bool, error)
	// Current reports whether this is the family's refresh token that has not been used.
	Current(family string, generation int) (bool, error)
	// Reserve counts an attempt before it is made, if the limit leaves room. Left is how long a refusal holds: to the end
	// of the period.
	Reserve(counter, id string, l Limit) (s Standing, left time.Duration, err error)
	// Settle takes an attempt back, or lets it count. It may be called again.
	Settle(counter, id string, counts bool) error
}

// Limit is how many attempts may count in a period, which begins with the first.
type Limit struct {
	Max    int
	Period time.Duration
	Lease  time.Duration // How long the outcome of an attempt may be open; 0: it counts from the start.
}

// Standing is a limit's answer to an attempt.
type Standing int

// What a limit says.
const (
	Refused  Standing = iota // as many as may be have counted
	Reserved                 // there is room
	Open                     // there may be room when the outcome of those before is known
)

// Rotation is the result of a refresh token's use.
type Rotation struct {
	Outcome Outcome
	Answer  string // The answer of the first use; empty unless Repeated.
}

// Outcome is the result of using a refresh token.
type Outcome int

// What a use came to.
const (
	Unknown  Outcome = iota // the family is not known, or has been ended
	Rotated                 // the next token is in its place
	Repeated                // it was used a moment ago: the answer of that use counts
	Reused                  // it was used before (RFC 9700 §4.14.2): the family is ended now
)

// MaxLeeway is the longest time by which a rule lets a token outlive its expiry.
const MaxLeeway = 300 * time.Second

// grace is how long a refresh token may come again after its answer could be given: on a flaky network a client may not
// have got it.
const grace = 10 * time.Second

// maxRevoked bounds the revoked tokens of a family. Beyond it those that have expired go; if more than half of it have
// not, the family ends. Whoever refreshes and revokes again and again must not fill the store.
const maxRevoked = 1000
