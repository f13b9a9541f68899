// Package hostredis makes the host's Redis output for tests.
package hostredis

import (
	"testing"

	"github.com/eolinker/apinto/drivers/resources/redis"
	"github.com/eolinker/apinto/resources"
)

// Output returns the host's Redis output for a server, started until the test ends. Its ID is "redis@output".
func Output(t testing.TB, addr string) *redis.Worker {
	t.Helper()
	worker, err := redis.Create("redis@output", "redis", &redis.Config{Addrs: []string{addr}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := worker.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = worker.Stop() })
	return worker.(*redis.Worker)
}

var _ resources.ICache = (*redis.Worker)(nil)
