package endtoend

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

// goLoader is for machines without wrk.
type goLoader struct{}

func (goLoader) name() string { return "built-in loader" }

func (goLoader) run(ctx context.Context, r request, duration time.Duration) (sample, error) {
	target, err := url.Parse(r.url)
	if err != nil {
		return sample{}, fmt.Errorf("load: %w", err)
	}
	client := &fasthttp.HostClient{Addr: target.Host, MaxConns: connections, ReadTimeout: 30 * time.Second}
	defer client.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(ctx, duration)
	defer cancel()
	var next, failed atomic.Int64
	var done sync.WaitGroup
	times := make([][]time.Duration, connections)
	begin := time.Now()
	for i := range times {
		done.Go(func() {
			request, response := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
			defer fasthttp.ReleaseRequest(request)
			defer fasthttp.ReleaseResponse(response)
			request.SetRequestURI(r.url)
			for ctx.Err() == nil {
				if len(r.values) > 0 {
					request.Header.Set(r.header, r.values[int(next.Add(1)-1)%len(r.values)])
				}
				sent := time.Now()
				if err := client.Do(request, response); err != nil || response.StatusCode() != fasthttp.StatusOK {
					failed.Add(1)
				}
				times[i] = append(times[i], time.Since(sent))
			}
		})
	}
	done.Wait()
	elapsed := time.Since(begin)
	if n := failed.Load(); n > 0 {
		return sample{}, fmt.Errorf("%w: %d", errRefused, n)
	}
	all := slices.Concat(times...)
	slices.Sort(all)
	s := sample{sent: len(all), rate: float64(len(all)) / elapsed.Seconds()}
	if len(all) > 0 {
		s.p99 = all[len(all)*99/100]
	}
	return s, nil
}
