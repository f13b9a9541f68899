package jwttoken

import (
	"net/http"
	"time"

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
	limit
}

// newAttempt is an attempt to log in as a user, from an address.
func (s *service) newAttempt(app, user, address string) attempt {
	return attempt{s, random(6), []counted{
		{"address\x00" + address, limit{failuresPerAddress, failurePeriod, attemptLease}},
		{"user\x00" + owner(app, user), limit{failuresPerUser, failurePeriod, attemptLease}},
	}}
}

// owner is who a session or a counter belongs to.
func owner(app, user string) string { return appid.Name(app) + "\x00" + user }

// reserve counts the attempt by all counters, or by none. Where that is refused, the last result is the answer.
func (a attempt) reserve() (standing, *answer) {
	for i, c := range a.counters {
		s, left, err := a.service.watch.reserve(c.name, a.id, c.limit)
		if err == nil && s == reserved {
			continue
		}
		for _, before := range a.counters[:i] {
			_ = a.service.watch.settle(before.name, a.id, false) // at worst it counts as a failure
		}
		return s, a.service.refusal(c, s, left, err)
	}
	return reserved, nil
}

// blocked is the answer while this process knows that no attempt may be made; nil else. Who is refused does not wait for
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
		_ = a.service.watch.settle(c.name, a.id, failed) // at worst it counts as a failure
	}
}

// refusal is the answer to what a counter says; nil where it leaves, or may leave, room. A refusal holds until the
// period ends, and is remembered.
func (s *service) refusal(c counted, said standing, left time.Duration, err error) *answer {
	switch {
	case err != nil:
		a := s.storeFailed(err)
		return &a
	case said != refused:
		return nil
	}
	s.watch.refuse(c.name, left)
	return tooMany(left)
}

// known is the answer of a counter that is known to refuse; nil else.
func (s *service) known(c counted) *answer {
	if left := s.watch.refuses(c.name); left > 0 {
		return tooMany(left)
	}
	return nil
}

// tooMany is the answer to one attempt too many.
func tooMany(left time.Duration) *answer {
	a := failed(http.StatusTooManyRequests, "temporarily_unavailable", "too many attempts").retry(left)
	return &a
}

// logins is the counter of a user's logins.
func (s *service) logins(app, user string) counted {
	return counted{"logins\x00" + owner(app, user), limit{most: s.maxLogins, period: loginPeriod}}
}

// countLogin counts a login of the user, unless there have been too many: the result is the answer then.
func (s *service) countLogin(app, user string) *answer {
	c := s.logins(app, user)
	said, left, err := s.watch.reserve(c.name, random(6), c.limit)
	return s.refusal(c, said, left, err)
}
