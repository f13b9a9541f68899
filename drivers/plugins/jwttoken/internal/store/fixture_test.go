package store

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/eolinker/apinto/drivers/resources/redis"
	"github.com/eolinker/apinto/resources"

	"apinto-jwt/jwttest/hostredis"
	realredis "apinto-jwt/jwttest/redis"
)

// fixture is a store whose time can go on.
type fixture struct {
	Store
	t      testing.TB
	ahead  atomic.Int64      // How far the process's clock is ahead, in nanoseconds.
	server *realredis.Server // Nil: the store is the process's own.
	output *redis.Worker     // The host's output for the server; nil without one.
}

// inProcess returns the process's own store.
func inProcess(t testing.TB) *fixture {
	f := &fixture{t: t}
	f.Store = newMemory(f.now)
	return f
}

// inRedis returns a store in a real Redis, by the host's own output.
func inRedis(t testing.TB) *fixture {
	t.Helper()
	f := &fixture{t: t, server: realredis.Start(t)}
	f.output = hostredis.Output(t, f.server.Addr)
	f.Store = newRedis(func() (resources.ICache, bool) { return f.output, true }, func(place, _ string) { t.Error("panic in", place) })
	return f
}

// now returns the fixture's clock.
func (f *fixture) now() time.Time { return time.Now().Add(time.Duration(f.ahead.Load())) }

// onBoth runs a test with the process's store and with a real Redis.
func onBoth(t *testing.T, test func(t *testing.T, f *fixture)) {
	t.Helper()
	t.Run("process", func(t *testing.T) { test(t, inProcess(t)) })
	t.Run("redis", func(t *testing.T) { test(t, inRedis(t)) })
}

// later lets time pass: for the process, and for what Redis knows of the family.
func (f *fixture) later(family string, d time.Duration) {
	f.t.Helper()
	f.ahead.Add(int64(d))
	if f.output != nil {
		f.run(`if redis.call('HEXISTS', KEYS[1], 'at') == 1 then redis.call('HINCRBY', KEYS[1], 'at', -ARGV[1]) end
return 1`, familyKey(family), d.Milliseconds())
	}
}

// fields returns the number of entries that the store has of the family.
func (f *fixture) fields(family string) int {
	f.t.Helper()
	if f.output != nil {
		n, _ := f.run(`return redis.call('HLEN', KEYS[1])`, familyKey(family)).(int64)
		return int(n)
	}
	return len(f.Store.(*memory).families.entries[family].value.revoked)
}

// run runs a script in the fixture's Redis.
func (f *fixture) run(text, key string, args ...any) any {
	f.t.Helper()
	value, err := f.output.Run(f.t.Context(), text, []string{key}, args...).Result()
	if err != nil {
		f.t.Fatal(err)
	}
	return value
}
