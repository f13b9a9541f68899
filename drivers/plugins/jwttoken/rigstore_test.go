package jwttoken

import (
	"time"

	"github.com/eolinker/apinto/resources"
)

// inRedis runs a script in the rig's Redis.
func (r *rig) inRedis(text string, keys []string, args ...any) any {
	r.t.Helper()
	value, err := r.office.workers.(outputs)[r.cache].(resources.ICache).Run(r.t.Context(), text, keys, args...).Result()
	if err != nil {
		r.t.Fatal(err)
	}
	return value
}

// later lets time pass: for the office, and for what Redis knows of families.
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

// kept is how long the store will know the family.
func (r *rig) kept(family string) time.Duration {
	r.t.Helper()
	if r.cache != "" {
		left, _ := r.inRedis(`return redis.call('PTTL', KEYS[1])`, []string{familyKey(family)}).(int64)
		return time.Duration(left) * time.Millisecond
	}
	return time.Until(r.office.stores[""].store.(*memory).families.entries[family].until)
}

// fields is how much the store knows of the family.
func (r *rig) fields(family string) int {
	r.t.Helper()
	if r.cache != "" {
		n, _ := r.inRedis(`return redis.call('HLEN', KEYS[1])`, []string{familyKey(family)}).(int64)
		return int(n)
	}
	return len(r.office.stores[""].store.(*memory).families.entries[family].value.revoked)
}
