package jwttoken

import (
	"errors"
	"strings"
	"time"
)

// store remembers what tokens alone do not say. A family is the tokens of one login; it is known by the part of their
// "jti" before the dot.
type store interface {
	// begin makes a family whose first refresh token is out.
	begin(family string, keep time.Duration) error
	// rotate puts the next refresh token of a family in the place of this one, with the answer that carries it; the first
	// to come within grace after that gets the answer again.
	rotate(family string, generation int, now time.Time, answer string, keep time.Duration) (turn, error)
	// end ends a family: all its refresh and access tokens.
	end(family string, keep time.Duration) error
	// revoke ends one access token.
	revoke(id string, keep time.Duration) error
	// ended tells whether the access token, or its family, has been ended.
	ended(id string) (bool, error)
	// current tells whether this is the family's refresh token that has not been used.
	current(family string, generation int) (bool, error)
	// take counts an attempt, in a period that begins with the first one; left is how long it goes on.
	take(counter string, period time.Duration) (count int, left time.Duration, err error)
	// giveBack takes an attempt back.
	giveBack(counter string) error
}

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

// grace is how long a refresh token that was used may come again, once: on a flaky network a client may not have got the
// answer.
const grace = 10 * time.Second

// mostLeeway is the most by which a rule lets a token outlive its expiry.
const mostLeeway = 300 * time.Second

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
