package driver

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest/must"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// mistake is one that an operator, an issuer or a client makes.
type mistake struct {
	app   rig.Object // what the operator saves
	token string     // what the client takes for a token
	call  rig.Call   // the request with it
	route string     // that it goes to
	// more is what the operator does besides, and undoes behind the test.
	more func(t *testing.T, r runner)
	// unseen tells that the client's request goes through all the same.
	unseen bool
}

// remark is a row of the table of mistakes: the command, or the call of the admin API, and texts that its answer has.
type remark struct {
	command string
	says    []string
}

// Each mistake is made on a gateway with one application, and the one command that docs/why.md has for it names cause and remedy.
func TestMistakes(t *testing.T) {
	rows, cases := remarks(t), mistakes(t)
	e := rig.NewFilter(rig.StartNode(t))
	t.Cleanup(e.Upstream.Close)
	must.Succeed(t, e.Configure(t.Context()))
	e.MustPut(t, rig.Route{Name: "plain", Plugins: map[string]any{}})
	e.MustPut(t, rig.WithFilter("filtered", map[string]any{}, false))
	r := runner{e, rig.Jwtctl(t, e.Node)}

	t.Run("none", func(t *testing.T) {
		app, call := right(), rig.Bearer(signed(t, nil))
		r.save(t, app)
		e.Settles(t, "plain", call, "upstream")
	})
	for name, m := range cases {
		row, found := rows[name]
		if !found {
			t.Errorf("docs/why.md has no row for %q", name)
			continue
		}
		t.Run(name, func(t *testing.T) { r.try(t, m, row) })
	}
	for name := range rows {
		if _, found := cases[name]; !found {
			t.Errorf("%q of docs/why.md is not tried", name)
		}
	}
}

// runner makes mistakes on a gateway.
type runner struct {
	*rig.Filter
	tool rig.Tool
}

// save makes the application for the time of the test.
func (r runner) save(t *testing.T, app rig.Object) {
	t.Helper()
	must.Succeed(t, r.post(t, app))
	t.Cleanup(func() {
		if err := r.Node.Delete(context.Background(), gateway.App{Name: mistaken}); err != nil { // the test's context has ended
			t.Error(err)
		}
	})
}

// post asks the admin API to take the application.
func (r runner) post(t *testing.T, app rig.Object) error {
	t.Helper()
	_, err := r.Node.Call(t.Context(), http.MethodPost, "/api/app", app)
	return err
}

// try makes one mistake, lets the client send its request, and asks the one command. What is not saved, no client meets.
func (r runner) try(t *testing.T, m mistake, row remark) {
	t.Helper()
	if row.command == "POST /api/app" {
		var refused *gateway.AdminError
		if err := r.post(t, m.app); !errors.As(err, &refused) {
			t.Fatalf("the admin API said %v", err)
		}
		must.Succeed(t, row.judge(refused.Body))
		if _, err := r.Node.Call(t.Context(), http.MethodGet, "/api/app/"+mistaken, nil); !errors.As(err, &refused) {
			t.Errorf("the application was stored: %v", err)
		}
		return
	}
	command := r.command(t, m, row)
	rig.Within(t, rig.Settle, func() error { // the mistake before goes away
		if out, _ := r.tool.Run(command...); row.judge(out) == nil {
			return fmt.Errorf("it says so before the mistake: %s", out)
		}
		return nil
	})
	r.save(t, m.app)
	if m.more != nil {
		m.more(t, r)
	}
	rig.Within(t, 30*time.Second, func() error { // a host that is not there is looked up for a while
		out, code := r.tool.Run(command...)
		if code != 1 {
			return fmt.Errorf("exit status %d: %s", code, out)
		}
		return row.judge(out)
	})
	if m.unseen {
		r.Settles(t, m.route, m.call, "upstream")
	} else {
		rig.Within(t, rig.Settle, func() error { return r.On(t, m.route, m.call).Refused() })
	}
}

// command is the row's, with files of what the client has sent.
func (r runner) command(t *testing.T, m mistake, row remark) []string {
	t.Helper()
	words := strings.Fields(row.command)
	if words[0] != "jwtctl" {
		t.Fatalf("%q is no command", row.command)
	}
	dir := t.TempDir()
	var request strings.Builder
	must.Succeed(t, m.call.Request(t, r.Node.URL+"/plain/").Write(&request))
	for name, text := range map[string]string{"token.txt": m.token, "request.http": request.String()} {
		must.Succeed(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	for i, word := range words {
		words[i] = strings.NewReplacer("token.txt", filepath.Join(dir, "token.txt"), "request.http", filepath.Join(dir, "request.http")).Replace(word)
	}
	return words[1:]
}

// judge is nil if an answer has all texts of the row.
func (r remark) judge(answer string) error {
	for _, text := range r.says {
		if !strings.Contains(answer, text) {
			return fmt.Errorf("no %q in: %s", text, answer)
		}
	}
	return nil
}

// codeSpan is a span of code in Markdown.
var codeSpan = regexp.MustCompile("`([^`]+)`")

// remarks are the rows of the table of mistakes in docs/why.md, by mistake.
func remarks(t *testing.T) map[string]remark {
	t.Helper()
	text, err := os.ReadFile("../../../docs/why.md")
	must.Succeed(t, err)
	_, table, _ := strings.Cut(string(text), "\n| mistake | command |")
	table, _, _ = strings.Cut(table, "\n\n")
	rows := map[string]remark{}
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.TrimSpace(line), " | ")
		name := strings.TrimPrefix(cells[0], "| ")
		if len(cells) < 2 {
			continue
		}
		command := codeSpan.FindStringSubmatch(cells[1])
		if command == nil {
			continue
		}
		row := remark{command: command[1]}
		for _, span := range codeSpan.FindAllStringSubmatch(cells[2], -1) {
			row.says = append(row.says, span[1])
		}
		if _, twice := rows[name]; twice || len(row.says) != 2 {
			t.Errorf("the row of %q must be the only one, and have a cause and a remedy", name)
		}
		rows[name] = row
	}
	return rows
}
