package jwttoken

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/eolinker/apinto/resources"

	driver "apinto-jwt/drivers/auth/jwt"
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

// storeLimit is how long the store may take to answer.
const storeLimit = 500 * time.Millisecond

// callsAtOnce bounds the calls under way. The host's client gives up a call only after seconds; those that nobody waits
// for any more are counted until then.
const callsAtOnce = 256

func newRedis(find func() (resources.ICache, bool)) *redisStore {
	return &redisStore{find: find, slots: make(chan struct{}, callsAtOnce)}
}

// The scripts. A family's fields: n, the generation of the refresh token that is out; dead; at, when it was rotated, in
// milliseconds; again, whether its answer may be given once more; answer; and "r:" with the ID of each token that was
// revoked. The time is the node's: nodes' clocks agree, or their tokens would not be good at each other.
const (
	scriptBegin = `redis.call('HSET', KEYS[1], 'n', '1')
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return {1}`

	scriptRotate = `local f = redis.call('HMGET', KEYS[1], 'n', 'dead', 'at', 'again', 'answer')
if not f[1] or f[2] then return {0} end
local n, current, now = tonumber(ARGV[1]), tonumber(f[1]), tonumber(ARGV[2])
if n == current then
  redis.call('HSET', KEYS[1], 'n', current + 1, 'at', ARGV[2], 'again', '1', 'answer', ARGV[5])
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
  return {1}
end
if n + 1 == current and f[4] == '1' and now - tonumber(f[3]) <= tonumber(ARGV[3]) then
  redis.call('HSET', KEYS[1], 'again', '0')
  return {2, f[5]}
end
redis.call('HSET', KEYS[1], 'dead', '1')
redis.call('HDEL', KEYS[1], 'answer')
return {3}`

	scriptMark = `redis.call('HSET', KEYS[1], ARGV[1], '1')
if ARGV[1] == 'dead' then redis.call('HDEL', KEYS[1], 'answer') end
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return {1}`

	scriptTake = `local n = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  left = tonumber(ARGV[1])
end
return {n, left}`

	scriptGiveBack = `if tonumber(redis.call('GET', KEYS[1]) or 0) > 1 then return {redis.call('DECR', KEYS[1])} end
return {redis.call('DEL', KEYS[1])}`
)

// familyKey is the family's key; an ID may be of any length.
func familyKey(family string) string { return "apinto-jwt:family:" + digest(family) }

// counterKey is the counter's key, which does not show whom it is about.
func counterKey(name string) string { return "apinto-jwt:tries:" + digest(name) }

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}

func (s *redisStore) begin(family string, keep time.Duration) error {
	_, err := s.run(scriptBegin, 1, familyKey(family), keep.Milliseconds())
	return err
}

func (s *redisStore) rotate(family string, generation int, now time.Time, answer string, keep time.Duration) (turn, error) {
	list, err := s.run(scriptRotate, 1, familyKey(family), generation, now.UnixMilli(), grace.Milliseconds(), keep.Milliseconds(), answer)
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

func (s *redisStore) end(family string, keep time.Duration) error {
	_, err := s.run(scriptMark, 1, familyKey(family), "dead", keep.Milliseconds())
	return err
}

func (s *redisStore) revoke(id string, keep time.Duration) error {
	_, err := s.run(scriptMark, 1, familyKey(familyOf(id)), revokedField(id), keep.Milliseconds())
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

func (s *redisStore) take(name string, period time.Duration) (int, time.Duration, error) {
	n, err := s.numbers(scriptTake, 2, counterKey(name), period.Milliseconds())
	if err != nil {
		return 0, 0, err
	}
	return int(n[0]), time.Duration(n[1]) * time.Millisecond, nil
}

func (s *redisStore) giveBack(name string) error {
	_, err := s.run(scriptGiveBack, 1, counterKey(name))
	return err
}

// numbers runs a script that answers with this many numbers.
func (s *redisStore) numbers(script string, count int, key string, args ...any) ([]int64, error) {
	list, err := s.run(script, count, key, args...)
	if err != nil {
		return nil, err
	}
	numbers := make([]int64, len(list))
	for i, item := range list {
		n, ok := item.(int64)
		if !ok {
			return nil, errUnreadable
		}
		numbers[i] = n
	}
	return numbers, nil
}

// called is what a call came to.
type called struct {
	list []any
	err  error
}

// run runs a script on a key. The answer is a list of at least this length.
func (s *redisStore) run(script string, length int, key string, args ...any) ([]any, error) {
	c, err := call(s, func(ctx context.Context, cache resources.ICache) called {
		value, err := cache.Run(ctx, script, []string{key}, args...).Result()
		if err != nil {
			return called{err: fmt.Errorf("redis: %w", err)}
		}
		list, ok := value.([]any)
		if !ok || len(list) < length {
			return called{err: errUnreadable}
		}
		return called{list: list}
	})
	if err != nil {
		return nil, err
	}
	return c.list, c.err
}

// call calls the host's cache, and waits no longer than storeLimit: the host's client does not heed the deadline of a
// context once it has a connection.
func call[T any](s *redisStore, do func(context.Context, resources.ICache) T) (came T, err error) {
	cache, found := s.find()
	if !found {
		return came, errNoStore
	}
	ctx, cancel := context.WithTimeout(context.Background(), storeLimit)
	defer cancel()
	select {
	case s.slots <- struct{}{}:
	case <-ctx.Done():
		return came, errSlow
	}
	done := make(chan T, 1)
	go func() {
		defer func() { <-s.slots }()
		defer func() {
			if p := recover(); p != nil { // the cache may panic when its output is stopped meanwhile
				driver.Faults().Caught("a call of the store", "the call")
				close(done)
			}
		}()
		done <- do(ctx, cache)
	}()
	select {
	case c, ok := <-done:
		if !ok {
			return came, errUnreadable
		}
		return c, nil
	case <-ctx.Done():
		return came, errSlow
	}
}
