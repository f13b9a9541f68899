package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// client talks to the admin API, which closes the connection after every answer
// and answers a change when the embedded etcd has it on the disk: on a busy
// machine that can take a while.
var client = &http.Client{Timeout: time.Minute, Transport: &http.Transport{DisableKeepAlives: true}}

// AdminError is an answer of the admin API other than 200.
type AdminError struct {
	Method, Path string
	Status       int
	Body         string // the host's text: for a rule that is refused, why
}

func (e *AdminError) Error() string {
	return fmt.Sprintf("admin API: %s %s: status %d: %s", e.Method, e.Path, e.Status, e.Body)
}

// Call sends a request to the admin API, with body as JSON unless it is nil,
// and returns the answer's body. An answer other than 200 is an *AdminError.
func (n *Node) Call(ctx context.Context, method, path string, body any) ([]byte, error) {
	var content []byte
	if body != nil {
		var err error
		if content, err = json.Marshal(body); err != nil {
			return nil, fmt.Errorf("admin API: %w", err)
		}
	}
	answer, err := n.call(ctx, method, path, content)
	said := string(answer)
	switch {
	case err != nil:
		said = err.Error()
	case strings.HasPrefix(path, "/api/"): // the configuration as it is stored
		said = ""
	}
	n.heard(Exchange{content, said})
	return answer, err
}

func (n *Node) call(ctx context.Context, method, path string, content []byte) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, n.AdminURL+path, bytes.NewReader(content))
	if err != nil {
		return nil, fmt.Errorf("admin API: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("admin API: %w", err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, fmt.Errorf("admin API: %w", err)
	}
	if response.StatusCode != http.StatusOK {
		return nil, &AdminError{method, path, response.StatusCode, string(answer)}
	}
	return answer, nil
}

// Create adds a worker (a service, router, app or output) to its profession.
func (n *Node) Create(ctx context.Context, worker Worker) error {
	_, err := n.Call(ctx, http.MethodPost, "/api/"+worker.profession(), worker)
	return err
}

// Replace changes the worker of this name.
func (n *Node) Replace(ctx context.Context, worker Worker) error {
	_, err := n.Call(ctx, http.MethodPut, "/api/"+worker.profession()+"/"+worker.id(), worker)
	return err
}

// Delete removes the worker of this name.
func (n *Node) Delete(ctx context.Context, worker Worker) error {
	_, err := n.Call(ctx, http.MethodDelete, "/api/"+worker.profession()+"/"+worker.id(), nil)
	return err
}

// SetPlugins replaces the list of plugins, which run in its order.
func (n *Node) SetPlugins(ctx context.Context, plugins ...Plugin) error {
	_, err := n.Call(ctx, http.MethodPost, "/setting/plugin", map[string]any{"plugins": plugins})
	return err
}
