package jwttoken

import (
	"net/http"
	"time"

	"apinto-jwt/drivers/plugins/jwttoken/internal/store"
	"apinto-jwt/internal/appid"
)

// How often a login may fail, in each period that begins with the first failure.
const (
	failurePeriod      = 5 * time.Minute
	failuresPerUser    = 10
	failuresPerAddress = 100
)

// loginPeriod is the time in which a user may log in as often as max_logins says.
const loginPeriod = time.Minute

// attemptLease is how long a comparison may take, a store that does not answer included; it counts as failed then.
const attemptLease = 10 * time.Second

// attempt is one comparison of a password. It is counted before it is made, and taken back when the password is right:
// what is guessed at the same time, at any node, does not pass the limits.
type attempt struct {
	service  *service
	id       string
	counters []counted
}

// counted is a counter with its limit.
type counted struct {
	name string
	store.Limit
}

// newAttempt returns an attempt to log in as a user, from an address.
func (s *service) newAttempt(app, user, address string) attempt {
	return attempt{s, random(6), []counted{
		{"address\x00" + address, store.Limit{Max: failuresPerAddress, Period: failurePeriod, Lease: attemptLease}},
		{"user\x00" + owner(app, user), store.Limit{Max: failuresPerUser, Period: failurePeriod, Lease: attemptLease}},
	}}
}

// owner is who a session or a counter belongs to.
func owner(app, user string) string { return appid.Name(app) + "\x00" + user }

// reserve counts the attempt by all counters, or by none. If that is refused, the last result is the answer.
func (a attempt) reserve() (store.Standing, *answer) {
	for i, c := range a.counters {
		s, left, err := a.service.store.Reserve(c.name, a.id, c.Limit)
		if err == nil && s == store.Reserved {
			continue
		}
		for _, before := range a.counters[:i] {
			_ = a.service.store.Settle(before.name, a.id, false) // at worst it counts as a failure
		}
		return s, a.service.refusal(s, left, err)
	}
	return store.Reserved, nil
}

// blocked returns the answer while this process knows that no attempt may be made; nil else. Who is refused does not wait for
// a turn to be told so.
func (a attempt) blocked() *answer {
	for _, c := range a.counters {
		if refusal := a.service.known(c); refusal != nil {
			return refusal
		}
	}
	return nil
}

// settle lets the attempt count, or takes it back.
func (a attempt) settle(failed bool) {
	for _, c := range a.counters {
		_ = a.service.store.Settle(c.name, a.id, failed) // at worst it counts as a failure
	}
}

// refusal returns the answer to a counter's result; nil if it leaves, or may leave, room. A refusal holds until the period
// ends.
func (s *service) refusal(said store.Standing, left time.Duration, err error) *answer {
	switch {
	case err != nil:
		a := s.storeFailed(err)
		return &a
	case said != store.Refused:
		return nil
	}
	return tooMany(left)
}

// known returns the answer of a counter that is known to refuse; nil else.
func (s *service) known(c counted) *answer {
	if left := s.store.Refuses(c.name); left > 0 {
		return tooMany(left)
	}
	return nil
}

// tooMany returns the answer to one attempt too many.
func tooMany(left time.Duration) *answer {
	a := failed(http.StatusTooManyRequests, "temporarily_unavailable", "too many attempts").retry(left)
	return &a
}

// logins returns the counter of a user's logins.
func (s *service) logins(app, user string) counted {
	return counted{"logins\x00" + owner(app, user), store.Limit{Max: s.maxLogins, Period: loginPeriod}}
}

// countLogin counts a login of the user, unless there have been too many: the result is the answer then.
func (s *service) countLogin(app, user string) *answer {
	c := s.logins(app, user)
	said, left, err := s.store.Reserve(c.name, random(6), c.Limit)
	return s.refusal(said, left, err)
}
