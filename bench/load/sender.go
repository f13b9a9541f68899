package load

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

// BuiltIn is the Loader for machines without wrk.
type BuiltIn struct{}

// Name implements Loader.
func (BuiltIn) Name() string { return "built-in loader" }

// Run implements Loader.
func (BuiltIn) Run(ctx context.Context, r Request, duration time.Duration) (Sample, error) {
	ctx, cancel := context.WithTimeout(ctx, duration)
	defer cancel()
	return send(r, 0, func() (time.Time, bool) { return time.Now(), ctx.Err() == nil })
}

// sender sends the requests of one run.
type sender struct {
	request Request
	client  *fasthttp.HostClient
	body    []byte
	next    atomic.Int64
	failed  atomic.Int64
	first   atomic.Pointer[string] // the first failure
}

// answerTimeout bounds a sender's wait for an answer.
const answerTimeout = 30 * time.Second

// send asks due, on each connection, when the next request is to be sent, and sends it, until there is none. The time of a request counts
// from when it was due. expected is the number of requests; 0 if unknown.
func send(r Request, expected int, due func() (time.Time, bool)) (Sample, error) {
	target, err := url.Parse(r.URL)
	if err != nil {
		return Sample{}, fmt.Errorf("load: %w", err)
	}
	s := &sender{request: r, body: bytes.Repeat([]byte("x"), r.Body)}
	s.client = &fasthttp.HostClient{
		Addr: target.Host, MaxConns: r.connections(), ReadTimeout: answerTimeout, IsTLS: target.Scheme == "https",
		TLSConfig: &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS12}, //nolint:gosec // our own servers on loopback
	}
	defer s.client.CloseIdleConnections()
	var done sync.WaitGroup
	times := make([]latencies, r.connections())
	begin := time.Now()
	for i := range times {
		times[i] = make(latencies, 0, expected/len(times)*2)
		done.Go(func() { times[i] = s.connection(times[i], due) })
	}
	done.Wait()
	elapsed := time.Since(begin)
	result := summary(times, elapsed)
	if result.Failed = int(s.failed.Load()); result.Failed > 0 {
		return result, fmt.Errorf("%w: %d, the first: %s", ErrRefused, result.Failed, *s.first.Load())
	}
	return result, nil
}

// connection sends one request after the other.
func (s *sender) connection(times latencies, due func() (time.Time, bool)) latencies {
	request, response := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(request)
	defer fasthttp.ReleaseResponse(response)
	request.SetRequestURI(s.request.URL)
	if len(s.body) > 0 {
		request.Header.SetMethod(fasthttp.MethodPost)
		request.SetBodyRaw(s.body)
	}
	for {
		from, more := due()
		if !more {
			return times
		}
		if value, ok := s.value(); ok {
			request.Header.Set(s.request.Header, value)
		}
		err := s.client.Do(request, response)
		times = append(times, time.Since(from))
		if err != nil || response.StatusCode() != fasthttp.StatusOK {
			s.fail(response.StatusCode(), err)
		}
	}
}

// value returns the header's value of the next request.
func (s *sender) value() (string, bool) {
	switch values := s.request.Values; {
	case s.request.Make != nil:
		return s.request.Make(int(s.next.Add(1) - 1)), true
	case len(values) > 0:
		return values[int(s.next.Add(1)-1)%len(values)], true
	}
	return "", false
}

// fail counts a failure and keeps the first one.
func (s *sender) fail(status int, err error) {
	s.failed.Add(1)
	text := fmt.Sprintf("status %d", status)
	if err != nil {
		text = err.Error()
	}
	s.first.CompareAndSwap(nil, &text)
}
