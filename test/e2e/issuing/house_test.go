package issuing

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"apinto-jwt/jwttest/redis"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// house is one gateway and one Redis for the acceptance tests of issuing; the guards end both with this process.
var house struct {
	once  sync.Once
	env   *rig.Env
	redis *redis.Server
	err   error
}

// acceptance gives the shared gateway: /oauth/*, the filter to be asked for, and /proxied/token behind trusted proxies.
func acceptance(t *testing.T) (*rig.Env, *redis.Server) {
	t.Helper()
	house.once.Do(func() { house.err = openHouse(context.Background()) })
	if house.err != nil {
		t.Fatal(house.err)
	}
	return house.env, house.redis
}

func openHouse(ctx context.Context) error {
	node, err := rig.Launch(ctx)
	if err != nil {
		return err
	}
	house.env = rig.NewEnv(node)
	dir := filepath.Join(node.Dir, "redis") // removed with the node's
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	if house.redis, err = redis.New(dir); err != nil {
		return err
	}
	if err := house.env.Configure(ctx); err != nil {
		return err
	}
	if err := node.Create(ctx, gateway.Redis{Name: "sessions", Addr: house.redis.Addr}); err != nil {
		return err
	}
	if err := node.Issuing(ctx, house.env.Log, "sessions"); err != nil {
		return err
	}
	output := map[string]any{"output": []string{house.env.Log.Name + "@output"}}
	if err := node.SetPlugins(
		ctx,
		gateway.GlobalPlugin("access_log", gateway.PluginAccessLog, output),
		gateway.Plugin{Name: "jwt", ID: "apinto-jwt:jwt:filter", Status: "enable", Config: map[string]any{}},
		gateway.Plugin{Name: "jwt_token", ID: gateway.PluginToken, Status: "enable", Config: map[string]any{}},
		gateway.GlobalPlugin("app", gateway.PluginApp, nil),
	); err != nil {
		return err
	}
	return node.Create(ctx, gateway.Endpoint{
		Kind: "token", Name: "proxied", Location: "/proxied/token", Cache: "sessions",
		Config: map[string]any{"trusted_proxies": []string{"127.0.0.1", "10.0.0.0/8", "fd00::/8"}},
	})
}

// houseApp is issuingApp with these users beside ann and bob.
func houseApp(name string, users ...string) gateway.App {
	app := rig.IssuingApp(name)
	for _, user := range users {
		app.Auth[0].Users = append(app.Auth[0].Users, gateway.User{Name: user, Password: rig.IssuedHash})
	}
	return app
}
