package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// request is one request but for its path.
type request struct {
	header, token     string
	query             string
	contentType, body string
}

// answer holds the answers that the client and the upstream saw.
type answer struct {
	path     string
	status   int
	reached  int    // requests at the upstream
	leaked   bool   // the upstream got a part of the credential
	reason   string // from the access log
	survived bool   // the worker process is the one that it was
}

var client = &http.Client{Timeout: 10 * time.Second}

// play sends all requests and then reads the access log, which the gateway
// writes once it has been idle for a second.
func (d *demo) play(ctx context.Context, lines []line) ([]line, error) {
	for i, line := range lines {
		if line.change != nil {
			if err := line.change(ctx, d); err != nil {
				return nil, fmt.Errorf("%s: %w", line.name, err)
			}
		}
		var err error
		if lines[i].got, err = d.send(ctx, line.request); err != nil {
			return nil, fmt.Errorf("%s: %w", line.name, err)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	for i := range lines {
		entry, err := d.node.AccessEntry(ctx, d.log, "uri", lines[i].got.path)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", lines[i].name, err)
		}
		lines[i].got.reason = entry["reason"]
	}
	return lines, nil
}

func (d *demo) send(ctx context.Context, r request) (answer, error) {
	d.sent++
	path := fmt.Sprintf("/demo/%d", d.sent)
	method, target := http.MethodGet, d.node.URL+path
	if r.query != "" {
		path += "?" + r.query
		target += "?" + r.query
	}
	if r.body != "" {
		method = http.MethodPost
	}
	outgoing, err := http.NewRequestWithContext(ctx, method, target, strings.NewReader(r.body))
	if err != nil {
		return answer{}, err
	}
	if r.contentType != "" {
		outgoing.Header.Set("Content-Type", r.contentType)
	}
	if r.token != "" {
		outgoing.Header.Set(r.header, r.token)
	}
	response, err := client.Do(outgoing)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return answer{}, err
	}
	return d.answer(path, response.StatusCode), nil
}

func (d *demo) answer(path string, status int) answer {
	bare, _, _ := strings.Cut(path, "?")
	seen := d.upstream.Seen(bare)
	got := answer{path: path, status: status, reached: len(seen), survived: d.worker == 0 || d.node.Worker() == d.worker}
	for _, request := range seen {
		got.leaked = got.leaked || strings.Contains(request.Text(), encode([]byte(documentedHeader)))
	}
	return got
}
