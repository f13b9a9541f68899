package redisoutput

import (
	"context"
	"time"

	"github.com/eolinker/apinto/resources"
)

// The methods of resources.ICache and resources.IVectors, by the connection that there is at the time of the call.

func (c *cache) BuildVector(name string, uni, step time.Duration) (resources.Vector, error) {
	return c.get().BuildVector(name, uni, step)
}

func (c *cache) Tx() resources.TX { return c.get().Tx() }

func (c *cache) AcquireLock(ctx context.Context, key, value string, ttl int) resources.BoolResult {
	return c.get().AcquireLock(ctx, key, value, ttl)
}

func (c *cache) ReleaseLock(ctx context.Context, key, value string) resources.StatusResult {
	return c.get().ReleaseLock(ctx, key, value)
}

func (c *cache) Set(ctx context.Context, key string, value []byte, expiration time.Duration) resources.StatusResult {
	return c.get().Set(ctx, key, value, expiration)
}

func (c *cache) SetNX(ctx context.Context, key string, value []byte, expiration time.Duration) resources.BoolResult {
	return c.get().SetNX(ctx, key, value, expiration)
}

func (c *cache) DecrBy(ctx context.Context, key string, by int64, expiration time.Duration) resources.IntResult {
	return c.get().DecrBy(ctx, key, by, expiration)
}

func (c *cache) IncrBy(ctx context.Context, key string, by int64, expiration time.Duration) resources.IntResult {
	return c.get().IncrBy(ctx, key, by, expiration)
}

func (c *cache) Keys(ctx context.Context, key string) resources.StringSliceResult {
	return c.get().Keys(ctx, key)
}

func (c *cache) Get(ctx context.Context, key string) resources.StringResult {
	return c.get().Get(ctx, key)
}

func (c *cache) GetDel(ctx context.Context, key string) resources.StringResult {
	return c.get().GetDel(ctx, key)
}

func (c *cache) HMSetN(ctx context.Context, key string, fields map[string]any, expiration time.Duration) resources.BoolResult {
	return c.get().HMSetN(ctx, key, fields, expiration)
}

func (c *cache) HMGet(ctx context.Context, key string, fields ...string) resources.ArrayInterfaceResult {
	return c.get().HMGet(ctx, key, fields...)
}

func (c *cache) Del(ctx context.Context, keys ...string) resources.IntResult {
	return c.get().Del(ctx, keys...)
}

func (c *cache) Run(ctx context.Context, script any, keys []string, args ...any) resources.InterfaceResult {
	return c.get().Run(ctx, script, keys, args...)
}
