package diff

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/eolinker/apinto/application"
	"github.com/eolinker/apinto/application/auth"
	builtinjwt "github.com/eolinker/apinto/application/auth/jwt"
	http_context "github.com/eolinker/apinto/node/http-context"
	http_service "github.com/eolinker/eosc/eocontext/http-context"
	"github.com/valyala/fasthttp"

	"apinto-jwt/drivers/auth/jwt"
	"apinto-jwt/test/corpus"
)

// now returns the time at which libraries judge.
func now() time.Time { return corpus.Now }

// driver is an authentication driver of the gateway, asked with the gateway's own request contexts, at the time that
// it is: no driver of the host has another clock.
type driver struct {
	title  string
	create func() auth.IAuthFactory
	auths  map[string]application.IAuth
}

// newBuiltin returns the host's own driver.
func newBuiltin() *driver {
	return &driver{title: "builtin", create: builtinjwt.NewFactory, auths: make(map[string]application.IAuth)}
}

// newOurs is ours.
func newOurs() *driver {
	return &driver{title: "this driver", create: jwt.NewFactory, auths: make(map[string]application.IAuth)}
}

func (d *driver) name() string { return d.title }

// has leaves out what turns at the corpus's own time, and rules that the builtin cannot have.
func (d *driver) has(rule *settings, in Input) bool { return !in.Edge && !rule.own }

func (d *driver) judge(rule *settings, in Input) Outcome {
	o, _ := d.ask(rule, in)
	return o
}

// ask is judge with the label that tells the reason of a refusal.
func (d *driver) ask(rule *settings, in Input) (Outcome, string) {
	request, position, tokenName := in.Request, in.Position, in.TokenName
	if request == "" {
		request, position, tokenName = "GET /?token="+url.QueryEscape(in.Token)+" HTTP/1.1\nHost: gateway.test\n\n", "query", "token"
	}
	handle, err := d.handle(rule, position, tokenName)
	if err != nil {
		return Refuses, err.Error()
	}
	ctx, err := contextOf(request)
	if err != nil {
		panic(err) // the corpus's own fault
	}
	user, ok := handle.GetUser(ctx)
	if !ok || user == nil {
		return Refuses, ctx.GetLabel(jwt.LabelResult)
	}
	return Accepts, user.Name
}

// handle returns an authenticator with the corpus's users; it is made once for each rule and place, by a factory of its own, as
// any authenticator of this driver answers for all rules in force.
func (d *driver) handle(rule *settings, position, tokenName string) (application.IAuth, error) {
	key := rule.name + "\x00" + position + "\x00" + tokenName
	if handle, ok := d.auths[key]; ok {
		return handle, nil
	}
	factory := d.create()
	config, err := base(rule.config, factory)
	if err != nil {
		return nil, err
	}
	handle, err := factory.Create(tokenName, position, config)
	if err != nil {
		return nil, err
	}
	users := make([]application.ITransformConfig, 0, len(corpus.UsersOf(rule.name)))
	for _, of := range corpus.UsersOf(rule.name) {
		text, err := json.Marshal(map[string]any{"pattern": map[string]string{"username": of.Name}, "expire": of.Expire})
		if err != nil {
			return nil, err
		}
		user := new(application.BaseConfig)
		if err := json.Unmarshal(text, user); err != nil {
			return nil, err
		}
		if err := user.SetType(factory.UserType()); err != nil {
			return nil, err
		}
		users = append(users, user)
	}
	owner := app{id: "app"}
	if err := handle.Check(owner.id, users); err != nil {
		return nil, err
	}
	handle.Set(owner, users)
	d.auths[key] = handle
	return handle, nil
}

// base returns a configuration as the host hands it to a factory.
func base(text []byte, f auth.IAuthFactory) (*application.BaseConfig, error) {
	config := new(application.BaseConfig)
	if err := json.Unmarshal(text, config); err != nil {
		return nil, err
	}
	return config, config.SetType(f.ConfigType())
}

// app is an application.
type app struct{ id string }

var _ application.IApp = app{}

func (a app) Id() string                            { return a.id } //nolint:revive // the host's name for it
func (a app) Name() string                          { return a.id }
func (app) Labels() map[string]string               { return nil }
func (app) Disable() bool                           { return false }
func (app) Execute(http_service.IHttpContext) error { return nil }

// contextOf returns the gateway's own context of a request in HTTP/1.1.
func contextOf(request string) (http_service.IHttpContext, error) {
	head, body, found := strings.Cut(request, "\r\n\r\n")
	if !found {
		head, body, _ = strings.Cut(request, "\n\n")
	}
	lines := strings.Split(strings.ReplaceAll(head, "\r\n", "\n"), "\n")
	if body != "" && !slices.ContainsFunc(lines, func(line string) bool { return strings.HasPrefix(strings.ToLower(line), "content-length:") }) {
		lines = append(lines, fmt.Sprintf("Content-Length: %d", len(body)))
	}
	text := strings.Join(lines, "\r\n") + "\r\n\r\n" + body
	ctx := new(fasthttp.RequestCtx)
	ctx.Init(new(fasthttp.Request), &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 40000}, nil)
	reader := bufio.NewReaderSize(strings.NewReader(text), len(text)+4096)
	if err := ctx.Request.Header.Read(reader); err != nil {
		return nil, err
	}
	if err := ctx.Request.ContinueReadBodyStream(reader, 100<<20, false); err != nil {
		return nil, err
	}
	return http_context.NewContext(ctx, 8080), nil
}
