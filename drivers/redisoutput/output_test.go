package redisoutput

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/eolinker/apinto/drivers"
	hostredis "github.com/eolinker/apinto/drivers/resources/redis"
	"github.com/eolinker/apinto/resources"
	"github.com/eolinker/eosc"

	"apinto-jwt/jwttest/must"
	realredis "apinto-jwt/jwttest/redis"
)

// within waits until there is no error any more.
func within(t *testing.T, limit time.Duration, check func() error) {
	t.Helper()
	var err error
	for deadline := time.Now().Add(limit); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if err = check(); err == nil {
			return
		}
	}
	t.Fatal(err)
}

// works returns nil if the output reaches its Redis.
func works(o *output) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	value, err := o.Run(ctx, "return redis.call('PING')", nil).Result()
	if err == nil && fmt.Sprint(value) != "PONG" {
		err = fmt.Errorf("the answer is %v", value)
	}
	return err
}

// hostMakes returns the host's own driver.
func hostMakes(config any) (eosc.IWorker, error) {
	return hostredis.Create("sessions@output", "sessions", config.(*hostredis.Config), nil)
}

// An output that is made while its Redis is down has it when it comes, another when it is reset, and none when it is
// stopped.
func TestComesBack(t *testing.T) {
	server, other := realredis.Start(t), realredis.Start(t)
	server.Stop()
	config := &hostredis.Config{Addrs: []string{server.Addr}}
	start := time.Now()
	o := newOutput("sessions@output", "sessions", config, hostMakes)
	if took := time.Since(start); took > hostWaits+time.Second {
		t.Errorf("the host waits for %s", took)
	}
	if err := works(o); !errors.Is(err, hostredis.ErrorNotInitRedis) {
		t.Errorf("without a Redis: %v", err)
	}
	if err := o.Tx().Exec(t.Context()); err == nil {
		t.Error("a transaction without a Redis succeeds")
	}
	must.Succeed(t, server.Resume())
	within(t, longestWait+5*time.Second, func() error { return works(o) })
	if _, err := o.BuildVector("v", time.Second, time.Second); err != nil {
		t.Errorf("vectors: %v", err)
	}
	if !o.CheckSkill(resources.CacheSkill) || !o.CheckSkill(resources.VectorsSkill) || o.CheckSkill("x") {
		t.Error("the skills are not the host's")
	}

	// Another configuration; the old Redis is not asked any more.
	must.Succeed(t, o.Reset(&hostredis.Config{Addrs: []string{other.Addr}}, nil))
	server.Stop()
	within(t, 10*time.Second, func() error { return works(o) })

	must.Succeed(t, o.Stop())
	if err := works(o); err == nil {
		t.Error("it works when it has been stopped")
	}
}

// fakeWorker is a worker of the host.
type fakeWorker struct {
	hostredis.Empty
	eosc.IWorker
	mu      sync.Mutex
	running bool
}

func (w *fakeWorker) set(running bool) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.running = running
	return nil
}

func (w *fakeWorker) Start() error { return w.set(true) }
func (w *fakeWorker) Stop() error  { return w.set(false) }

// A panic of the host is a failed attempt. Saving the same configuration again has it try at once. What was stopped, or
// has another configuration, does not come back.
func TestAttempts(t *testing.T) {
	var mu sync.Mutex
	made := map[string]int{}
	var last *fakeWorker
	good := false
	create := func(config any) (eosc.IWorker, error) {
		mu.Lock()
		defer mu.Unlock()
		made[config.(string)]++
		switch {
		case good:
			last = new(fakeWorker)
			return last, nil
		case made[config.(string)] == 1:
			panic("a fault")
		}
		return nil, errors.New("nobody there")
	}
	count := func(config string, least int) func() error {
		return func() error {
			mu.Lock()
			defer mu.Unlock()
			if made[config] < least {
				return fmt.Errorf("%d attempts with %s", made[config], config)
			}
			return nil
		}
	}
	o := &output{WorkerBase: drivers.Worker("r@output", "r"), make: create, waiting: func(int) time.Duration { return time.Hour }}
	o.begin("one")
	for least := 2; least <= 3; least++ {
		_ = o.Reset("one", nil)
		within(t, 5*time.Second, count("one", least))
	}
	mu.Lock()
	good = true
	mu.Unlock()
	_ = o.Reset("two", nil)
	mu.Lock()
	first := last
	mu.Unlock()
	if first == nil || !first.running {
		t.Fatal("it has no worker")
	}
	_ = o.Reset("two", nil) // it has a connection: nothing happens
	_ = o.Reset("three", nil)
	if first.running || !last.running || made["two"] != 1 {
		t.Errorf("the old one runs: %v, the new one: %v, %d attempts", first.running, last.running, made["two"])
	}
	_ = o.Stop()
	if last.running {
		t.Error("it runs when it has been stopped")
	}
}

// registrarFake notes what is registered.
type registrarFake map[string]eosc.IExtenderDriverFactory

func (r registrarFake) RegisterExtenderDriver(name string, f eosc.IExtenderDriverFactory) error {
	r[name] = f
	return nil
}

// The driver "redis" is wrapped, and no other; in a process that saves configurations it is the host's own.
func TestResuming(t *testing.T) {
	r := registrarFake{}
	Resuming(func(host eosc.IExtenderDriverRegister) {
		hostredis.Register(host)
		_ = host.RegisterExtenderDriver("other", hostredis.NewFactory())
	})(r)
	if _, wrapped := r["other"].(factory); wrapped {
		t.Error("another driver is wrapped")
	}
	f, wrapped := r["redis"].(factory)
	if !wrapped || f.Render() == nil {
		t.Fatal("the driver is not wrapped")
	}
	d, err := f.Create("output", "redis", "", "", nil)
	if err != nil || d.ConfigType() != reflect.TypeOf((*hostredis.Config)(nil)) {
		t.Fatalf("the configuration's type: %v", err)
	}
	if _, err := d.Create("r@output", "r", &hostredis.Config{Addrs: []string{"127.0.0.1:1"}}, nil); err == nil {
		t.Error("an output whose Redis does not answer is accepted where it is saved")
	}
}
