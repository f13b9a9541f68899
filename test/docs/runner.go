package docs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// How long a block may take: the first builds a gateway. And how long the gateway may take to do what the admin API has
// answered.
const (
	blockLimit = 15 * time.Minute
	settle     = 15 * time.Second
)

// adminPort is the one that the documentation names.
const adminPort = "9400"

// gatewayPorts are those that "make run" gives a new gateway.
var gatewayPorts = []string{"8099", adminPort, "9401"}

// runner runs the blocks of a page, and of those that it begins after.
type runner struct {
	tree  string // a copy of the sources
	shell *shell
	ports ports

	printed string // by the last block of commands
	last    block
	posted  int
}

// newRunner makes a runner in a fresh copy of the sources, below the directory. What an earlier page has built is there,
// if the directory is not empty: "make build" sees whether it is good still, and saves the time.
func newRunner(root, built, directory string) (*runner, error) {
	r := &runner{tree: filepath.Join(directory, "apinto-jwt"), ports: ports{}}
	if err := errors.Join(copyTree(root, r.tree), copyTree(built, filepath.Join(r.tree, "bin"))); err != nil {
		return nil, err
	}
	for _, port := range gatewayPorts {
		if err := r.ports.open(port); err != nil {
			return nil, err
		}
	}
	var err error
	r.shell, err = newShell(r.tree, filepath.Join(directory, "state"))
	return r, err
}

// run runs one block of a page.
func (r *runner) run(ctx context.Context, b block) error {
	ctx, cancel := context.WithTimeout(ctx, blockLimit)
	defer cancel()
	if err := r.ports.add(b.text); err != nil {
		return err
	}
	switch b.kind {
	case commands:
		return r.runCommands(ctx, b)
	case resource:
		return r.post(ctx, b)
	case output:
		return r.compare(ctx, b)
	}
	return nil
}

// runCommands runs commands and looks at how they ended.
func (r *runner) runCommands(ctx context.Context, b block) (err error) {
	if err := r.prepare(b.text); err != nil {
		return err
	}
	r.last = b
	text := r.ports.replace(b.text)
	if b.stays != "" {
		r.printed, err = r.shell.runOn(ctx, text, b.stays)
		if err != nil {
			err = fmt.Errorf("%w; it printed:\n%s", err, r.printed)
		}
		return err
	}
	for end := time.Now().Add(settle); ; time.Sleep(time.Second) {
		got, runErr := r.shell.run(ctx, text)
		r.printed = got.output
		if runErr != nil {
			return fmt.Errorf("%w; it printed:\n%s", runErr, r.printed)
		}
		if err = b.judge(got); err == nil || !b.repeats() || time.Now().After(end) {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("%w; it printed:\n%s", err, r.printed)
	}
	if strings.Contains(b.text, ":"+adminPort) {
		time.Sleep(time.Second) // a reader's pause; the workers take milliseconds to follow the admin API
	}
	return nil
}

// judge holds how a block ended against what the page says.
func (b block) judge(got result) error {
	if got.status != b.status {
		return fmt.Errorf("exit status %d, want %d", got.status, b.status)
	}
	others := len(got.statuses) - len(b.answers)
	if others < 0 || !slices.Equal(got.statuses[others:], b.answers) {
		return fmt.Errorf("answers %v, want %v at the end", got.statuses, b.answers)
	}
	for _, status := range got.statuses[:others] {
		if status >= 400 {
			return fmt.Errorf("a request was answered with %d", status)
		}
	}
	return nil
}

var makeRun = regexp.MustCompile(`(?m)^make run\b.*?\bDIR=(\S+)`)

// prepare has a gateway that the block starts for the first time listen on the free ports.
func (r *runner) prepare(text string) error {
	for _, match := range makeRun.FindAllStringSubmatch(text, -1) {
		path := filepath.Join(r.tree, match[1], "config.yml")
		if _, err := os.Stat(path); err == nil {
			continue
		}
		config := "version: 2\n"
		for i, section := range []string{"gateway", "client", "peer"} {
			config += fmt.Sprintf("%s:\n  listen_urls:\n    - http://127.0.0.1:%s\n", section, r.ports[gatewayPorts[i]])
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// compare holds what the page shows against what the block before it printed. If that block only reads, it may be
// run again: the gateway takes a moment to do what the admin API has answered.
func (r *runner) compare(ctx context.Context, b block) error {
	for end := time.Now().Add(settle); ; {
		printed := r.ports.restore(r.printed)
		if shows(b.text, printed) {
			return nil
		}
		if !r.last.repeats() || time.Now().After(end) {
			return fmt.Errorf("the page shows\n%s\nbut printed was\n%s", b.text, printed)
		}
		time.Sleep(time.Second)
		if err := r.runCommands(ctx, r.last); err != nil {
			return err
		}
	}
}

// post sends JSON to the admin API, by what it has.
func (r *runner) post(ctx context.Context, b block) error {
	path, body, err := r.resource([]byte(r.ports.replace(b.text)))
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://127.0.0.1:"+r.ports[adminPort]+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("post to %s: %w", path, err)
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("post to %s: %s: %s", path, answer.Status, said)
	}
	return err
}

// resource finds out where JSON belongs. The config of a rule is posted as that of an application with one user.
func (r *runner) resource(text []byte) (path string, body []byte, err error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(text, &members); err != nil {
		return "", nil, fmt.Errorf("this is no JSON object: %w", err)
	}
	for _, one := range []struct{ member, path string }{
		{"auth", "/api/app"}, {"plugins", "/setting/plugin"}, {"listen", "/api/router"}, {"nodes", "/api/service"}, {"addrs", "/api/output"},
	} {
		if _, found := members[one.member]; found && one.member != "plugins" || found && len(members) == 1 {
			return one.path, text, nil
		}
	}
	if _, found := members["algorithm"]; !found {
		return "", nil, fmt.Errorf("this is neither an application, a router, a service, an output, a list of plugins nor a rule's config; mark it <!-- not run: REASON -->")
	}
	r.posted++
	body, err = json.Marshal(map[string]any{"name": fmt.Sprintf("documented%d", r.posted), "driver": "app", "auth": []any{map[string]any{
		"type": "jwt", "position": "header", "token_name": fmt.Sprintf("X-Documented-%d", r.posted), "config": json.RawMessage(text),
		"users": []any{map[string]any{"pattern": map[string]any{"username": "ann"}}},
	}}})
	return "/api/app", body, err
}
