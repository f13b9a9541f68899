package main

import (
	"net"
	"net/http"
	"reflect"
	"testing"
	"time"

	"github.com/eolinker/apinto/drivers/router/http-router/manager"
	"github.com/eolinker/apinto/plugin"
	"github.com/eolinker/eosc/common/bean"
	"github.com/eolinker/eosc/config"
	"github.com/eolinker/eosc/eocontext"
	"github.com/eolinker/eosc/process-worker/workers"
	"github.com/eolinker/eosc/professions"
	"github.com/eolinker/eosc/traffic"
	"github.com/eolinker/eosc/variable"
	"github.com/valyala/fasthttp"
)

// noPlugins is a plugin manager without plugins.
type noPlugins struct{ eocontext.IChainPro }

func (p noPlugins) CreateRequest(string, map[string]*plugin.Config) eocontext.IChainPro { return p }

func (p noPlugins) Global() eocontext.IChainPro { return p }

func (noPlugins) GetConfigType(string) (reflect.Type, bool) { return nil, false }

func (noPlugins) Chain(eocontext.EoContext, ...eocontext.IFilter) error { return nil }

// started is set once the host's parts of this process have started, or have their configuration, which they do once.
var started bool

// TestStart starts the host's listeners as a worker does: its parts are there, and then what is stored is loaded.
func TestStart(t *testing.T) {
	if started {
		t.Skip("the host was started in this process")
	}
	started = true
	t.Run("not started", notStartedAnswer)
	address := listening(t)
	_ = bean.Check() // most parts are missing, and not needed here
	answered := make(chan int, 1)
	go func() { answered <- statusAt("http://" + address + "/") }()
	select {
	case status := <-answered:
		if onEditedHost() || status != http.StatusOK {
			t.Errorf("the answer before the configuration is loaded has status %d", status)
		}
		return
	case <-time.After(500 * time.Millisecond):
		if !onEditedHost() {
			t.Fatal("the host as it comes waits for its configuration now")
		}
	}
	load(t)
	select {
	case status := <-answered:
		if status != http.StatusOK {
			t.Errorf("the answer after the configuration is loaded has status %d", status)
		}
	case <-time.After(5 * time.Second):
		t.Error("no answer after the configuration is loaded")
	}
}

// TestBothLengths is of a request that two servers may take for two different ones.
func TestBothLengths(t *testing.T) {
	load(t)
	m := manager.NewManager()
	var plugins eocontext.IChainPro = noPlugins{}
	m.SetGlobalFilters(&plugins)
	const head = "POST / HTTP/1.1\nHost: example.com\n"
	for fields, both := range map[string]bool{
		"Content-Length: 5\nTransfer-Encoding: chunked":                               true,
		"transfer-encoding: chunked\ncontent-length: 5":                               true,
		"Transfer-Encoding: chunked":                                                  false,
		"Content-Length: 5":                                                           false,
		"X-Content-Length: 5\nTransfer-Encoding: chunked\nX-A: b\n Content-Length: 5": false,
	} {
		ctx := received(t, head+fields)
		m.FastHandler(80, ctx)
		if got := ctx.Response.ConnectionClose(); got != (both && onEditedHost()) {
			t.Errorf("%q: the connection ends: %t", fields, got)
		}
	}
}

// notStartedAnswer tests what a worker answers before its configuration is loaded, if it is asked all the same.
func notStartedAnswer(t *testing.T) {
	ctx := received(t, "GET / HTTP/1.1\nHost: example.com")
	manager.NewManager().FastHandler(80, ctx)
	status, after := ctx.Response.StatusCode(), string(ctx.Response.Header.Peek("Retry-After"))
	if !onEditedHost() {
		if status != fasthttp.StatusOK || len(ctx.Response.Body()) > 0 {
			t.Errorf("the host as it comes answers %d %q before it has its plugins", status, ctx.Response.Body())
		}
		return
	}
	if status != fasthttp.StatusServiceUnavailable || after != "1" {
		t.Errorf("a worker without its configuration answers %d, Retry-After %q", status, after)
	}
	if !ctx.Response.ConnectionClose() {
		t.Error("the connection stays open, with a body that nobody has read")
	}
}

// listening gives the host a listening socket, as its master does, and returns the address.
func listening(t *testing.T) string {
	t.Helper()
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	address := listener.Addr().String()
	sockets := traffic.NewTraffic(traffic.NewTrafficData(map[string]*net.TCPListener{address: listener}))
	urls := &config.ListenUrl{ListenUrls: []string{"http://" + address}}
	var plugins plugin.IPluginManager = noPlugins{}
	bean.Injection(&sockets)
	bean.Injection(&urls)
	bean.Injection(&plugins)
	return address
}

// load is what a worker does with the first event of its master.
func load(t *testing.T) {
	t.Helper()
	started = true
	none := professions.NewProfessions(nil)
	none.Reset(nil)
	if err := workers.NewWorkerManager(none, variable.NewVariables(nil)).Reset(nil); err != nil {
		t.Fatal(err)
	}
}

// statusAt returns the status of the answer; 0 is none.
func statusAt(url string) int {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Get(url)
	if err != nil {
		return 0
	}
	_ = response.Body.Close()
	return response.StatusCode
}
