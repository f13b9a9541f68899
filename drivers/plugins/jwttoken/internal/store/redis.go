package store

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"sync"
	"time"

	"github.com/eolinker/apinto/resources"
)

// redisStore is a Redis that all nodes share, through the host's output. The host's interface has no step that compares
// and changes, and some of its methods answer nil when Redis fails. It runs scripts, though, and Redis runs each as one
// step. All that is known of a family is one key, so that a cluster of Redis nodes can run them.
type redisStore struct {
	find     func() (resources.ICache, bool)
	panicked func(place, refused string)
	slots    chan struct{} // One for each call under way.

	mu      sync.Mutex
	running int    // Number of batches under way.
	waiting *batch // Sent when one of them is completed; nil if there is none.
}

var _ Store = (*redisStore)(nil)

// NewRedis returns a store in a Redis, which is looked up for each call: the host may replace it. Panicked is told of
// each panic of the host's client: where it was, and what is refused.
func NewRedis(find func() (resources.ICache, bool), panicked func(place, refused string)) Store {
	return newRedis(find, panicked)
}

func newRedis(find func() (resources.ICache, bool), panicked func(place, refused string)) *redisStore {
	return &redisStore{find: find, panicked: panicked, slots: make(chan struct{}, callsAtOnce)}
}

// sessionsKept is how long an owner without a new login is known to have families: longer than a refresh token lives.
const sessionsKept = 366 * 24 * time.Hour

// familyKey returns the family's key; an ID may be of any length. What is in braces decides which node of a cluster has
// it.
func familyKey(family string) string {
	if owner := ownerOf(family); owner != "" {
		return "apinto-jwt:{" + owner + "}:family:" + digest(family)
	}
	return "apinto-jwt:family:" + digest(family)
}

// sessionsKey returns the key of the owner's families, on the node that has them.
func sessionsKey(family string) string { return "apinto-jwt:{" + ownerOf(family) + "}:sessions" }

// counterKey returns the counter's key, which does not show whom it is about.
func counterKey(name string) string { return "apinto-jwt:tries:" + digest(name) }

// digest returns a text of fixed length that stands for this one.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}

// Begin knows the owner by the first part of the family's name.
func (s *redisStore) Begin(family, _ string, sessions int, keep time.Duration) error {
	keys := []string{familyKey(family), sessionsKey(family)}
	_, err := s.run(script{text: scriptBegin, keys: keys, length: 1, timely: true}, keep.Milliseconds(), sessions, sessionsKept.Milliseconds())
	return err
}

func (s *redisStore) Rotate(family string, generation int, answer string, keep time.Duration) (Rotation, error) {
	list, err := s.run(
		script{text: scriptRotate, keys: []string{familyKey(family)}, length: 1, timely: true},
		generation, grace.Milliseconds(), keep.Milliseconds(), answer,
	)
	if err != nil {
		return Rotation{}, err
	}
	n, ok := list[0].(int64)
	r := Rotation{Outcome: Outcome(n)}
	if r.Outcome == Repeated && len(list) > 1 {
		r.Answer, ok = list[1].(string)
	}
	if !ok || n < int64(Unknown) || n > int64(Reused) {
		return Rotation{}, errUnreadable
	}
	return r, nil
}

func (s *redisStore) Delivered(family string, generation int) error {
	_, err := s.run(script{text: scriptDelivered, keys: []string{familyKey(family)}, length: 1}, generation+1)
	return err
}

func (s *redisStore) End(family string, keep time.Duration) error {
	_, err := s.run(script{text: scriptEnd, keys: []string{familyKey(family)}, length: 1}, keep.Milliseconds())
	return err
}

func (s *redisStore) Revoke(id string, keep time.Duration) error {
	_, err := s.run(
		script{text: scriptRevoke, keys: []string{familyKey(familyOf(id))}, length: 1},
		revokedField(id), keep.Milliseconds(), maxRevoked,
	)
	return err
}

// revokedField returns the field of a revoked token.
func revokedField(id string) string { return "r:" + digest(id) }

func (s *redisStore) Ended(id string) (bool, error) {
	values, err := s.read(question{familyKey(familyOf(id)), revokedField(id)})
	return err == nil && (values[0] != nil || values[2] != nil), err
}

func (s *redisStore) Current(family string, generation int) (bool, error) {
	values, err := s.read(question{familyKey(family), "-"})
	return err == nil && values[0] == nil && values[1] == strconv.Itoa(generation), err
}

func (s *redisStore) Reserve(counter, id string, l Limit) (Standing, time.Duration, error) {
	list, err := s.run(
		script{text: scriptReserve, keys: []string{counterKey(counter)}, length: 2, timely: true},
		id, l.Period.Milliseconds(), l.Max, l.Lease.Milliseconds(),
	)
	if err != nil {
		return Refused, 0, err
	}
	n, ok := list[0].(int64)
	left, isNumber := list[1].(int64)
	if !ok || !isNumber || n < int64(Refused) || n > int64(Open) {
		return Refused, 0, errUnreadable
	}
	return Standing(n), time.Duration(left) * time.Millisecond, nil
}

func (s *redisStore) Settle(counter, id string, counts bool) error {
	settled := 0
	if counts {
		settled = 1
	}
	_, err := s.run(script{text: scriptSettle, keys: []string{counterKey(counter)}, length: 1}, id, settled)
	return err
}
