package jwttoken

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"sync"
	"time"

	"github.com/eolinker/apinto/resources"
)

// redisStore is a Redis that all nodes share, through the host's output. The host's interface has no step that compares
// and changes, and some of its methods answer nil when Redis fails; it runs scripts, though, and Redis runs each as one
// step. All that is known of a family is one key, so that a cluster of Redis nodes can run them.
type redisStore struct {
	find  func() (resources.ICache, bool)
	slots chan struct{} // one for each call under way

	mu      sync.Mutex
	flying  int    // batches under way
	waiting *batch // goes when one of them comes back
}

func newRedis(find func() (resources.ICache, bool)) *redisStore {
	return &redisStore{find: find, slots: make(chan struct{}, callsAtOnce)}
}

// sessionsKept is how long an owner without a new login is known to have families: longer than a refresh token lives.
const sessionsKept = 366 * 24 * time.Hour

// familyKey is the family's key; an ID may be of any length. What is in braces decides which node of a cluster has it.
func familyKey(family string) string {
	if owner := ownerOf(family); owner != "" {
		return "apinto-jwt:{" + owner + "}:family:" + digest(family)
	}
	return "apinto-jwt:family:" + digest(family)
}

// sessionsKey is the key of the owner's families, on the node that has them.
func sessionsKey(family string) string { return "apinto-jwt:{" + ownerOf(family) + "}:sessions" }

// counterKey is the counter's key, which does not show whom it is about.
func counterKey(name string) string { return "apinto-jwt:tries:" + digest(name) }

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}

// begin knows the owner by the first part of the family's name.
func (s *redisStore) begin(family, _ string, most int, keep time.Duration) error {
	keys := []string{familyKey(family), sessionsKey(family)}
	_, err := s.run(script{text: scriptBegin, keys: keys, length: 1, timely: true}, keep.Milliseconds(), most, sessionsKept.Milliseconds())
	return err
}

func (s *redisStore) rotate(family string, generation int, answer string, keep time.Duration) (turn, error) {
	list, err := s.run(
		script{text: scriptRotate, keys: []string{familyKey(family)}, length: 1, timely: true},
		generation, grace.Milliseconds(), keep.Milliseconds(), answer,
	)
	if err != nil {
		return turn{}, err
	}
	n, ok := list[0].(int64)
	t := turn{outcome: outcome(n)}
	if t.outcome == turnedBefore && len(list) > 1 {
		t.answer, ok = list[1].(string)
	}
	if !ok || n < int64(turnedNever) || n > int64(turnedTwice) {
		return turn{}, errUnreadable
	}
	return t, nil
}

func (s *redisStore) delivered(family string, generation int) error {
	_, err := s.run(script{text: scriptDelivered, keys: []string{familyKey(family)}, length: 1}, generation+1)
	return err
}

func (s *redisStore) end(family string, keep time.Duration) error {
	_, err := s.run(script{text: scriptEnd, keys: []string{familyKey(family)}, length: 1}, keep.Milliseconds())
	return err
}

func (s *redisStore) revoke(id string, keep time.Duration) error {
	_, err := s.run(
		script{text: scriptRevoke, keys: []string{familyKey(familyOf(id))}, length: 1},
		revokedField(id), keep.Milliseconds(), maxRevoked,
	)
	return err
}

// revokedField is the field of a revoked token.
func revokedField(id string) string { return "r:" + digest(id) }

func (s *redisStore) ended(id string) (bool, error) {
	values, err := s.read(question{familyKey(familyOf(id)), revokedField(id)})
	return err == nil && (values[0] != nil || values[2] != nil), err
}

func (s *redisStore) current(family string, generation int) (bool, error) {
	values, err := s.read(question{familyKey(family), "-"})
	return err == nil && values[0] == nil && values[1] == strconv.Itoa(generation), err
}

func (s *redisStore) reserve(counter, id string, l limit) (standing, time.Duration, error) {
	list, err := s.run(
		script{text: scriptReserve, keys: []string{counterKey(counter)}, length: 2, timely: true},
		id, l.period.Milliseconds(), l.most, l.lease.Milliseconds(),
	)
	if err != nil {
		return refused, 0, err
	}
	n, ok := list[0].(int64)
	left, isNumber := list[1].(int64)
	if !ok || !isNumber || n < int64(refused) || n > int64(open) {
		return refused, 0, errUnreadable
	}
	return standing(n), time.Duration(left) * time.Millisecond, nil
}

func (s *redisStore) settle(counter, id string, counts bool) error {
	settled := 0
	if counts {
		settled = 1
	}
	_, err := s.run(script{text: scriptSettle, keys: []string{counterKey(counter)}, length: 1}, id, settled)
	return err
}
