package jwttoken

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"sort"
	"time"

	"github.com/eolinker/apinto/resources"

	"apinto-jwt/drivers/plugins/jwttoken/internal/store"
)

// What docs/issuing.md says of stores; internal/store has a test for each.
const (
	grace      = 10 * time.Second       // how long a used refresh token may come again
	storeLimit = 500 * time.Millisecond // how long a store may take to answer
)

// inRedis runs a script in the rig's Redis.
func (r *rig) inRedis(text string, keys []string, args ...any) any {
	r.t.Helper()
	value, err := r.shared.workers.(outputs)[r.cache].(resources.ICache).Run(r.t.Context(), text, keys, args...).Result()
	if err != nil {
		r.t.Fatal(err)
	}
	return value
}

// later lets time pass: for the shared, and for what Redis knows of families.
func (r *rig) later(d time.Duration) {
	r.t.Helper()
	r.ahead.Add(int64(d))
	if r.cache != "" {
		r.inRedis(`for _, key in ipairs(redis.call('KEYS', 'apinto-jwt:*family:*')) do
  if redis.call('HEXISTS', key, 'at') == 1 then redis.call('HINCRBY', key, 'at', -ARGV[1]) end
end
return 1`, nil, d.Milliseconds())
	}
}

// kept returns how long the store will know that the family has been ended; 0 if it does not.
func (r *rig) kept(family string) time.Duration {
	r.t.Helper()
	if r.cache != "" {
		key := "apinto-jwt:{" + family[:12] + "}:family:" + digest(family)
		left, _ := r.inRedis(`return redis.call('PTTL', KEYS[1])`, []string{key}).(int64)
		return time.Duration(left) * time.Millisecond
	}
	s, ahead := r.shared.stores[""].Store, r.ahead.Load()
	defer r.ahead.Store(ahead)
	const most = 400 * 24 * time.Hour
	return time.Millisecond * time.Duration(sort.Search(int(most/time.Millisecond), func(later int) bool {
		r.ahead.Store(ahead + int64(time.Duration(later)*time.Millisecond))
		ended, err := s.Ended(family + ".x")
		return err != nil || !ended
	}))
}

// knows reports whether the process knows at this time that the token has been ended, without its store.
func (r *rig) knows(id string, at time.Time) bool {
	r.t.Helper()
	defer r.ahead.Store(r.ahead.Load())
	r.ahead.Store(int64(time.Until(at)))
	return revokedWhileBroken(r.shared.stores[r.cache], id)
}

// allows reports whether the store is one with on_store_failure "allow".
func allows(c *store.Cached) bool {
	c.RecordEnded("f", time.Hour)
	return !revokedWhileBroken(c, "f.1")
}

// revokedWhileBroken reports whether the token counts as ended while the store does not answer.
func revokedWhileBroken(c *store.Cached, id string) bool {
	works := c.Store
	defer func() { c.Store = works }()
	c.Store = brokenStore{}
	c.Revoked("another.1", time.Time{}) // that it is broken is noticed when it is asked
	return c.Revoked(id, time.Time{})
}

// brokenStore is a store that does not answer.
type brokenStore struct{ store.Store }

func (brokenStore) Ended(string) (bool, error) { return false, errors.New("broken") }

// digest stands for a family or a counter in the keys of Redis.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}
