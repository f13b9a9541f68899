package gateway

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

const pollEvery = 50 * time.Millisecond

// poll calls try until it returns nil or the context ends.
func poll(ctx context.Context, what string, try func() error) error {
	for {
		err := try()
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w: %w", what, ctx.Err(), err)
		case <-time.After(pollEvery):
		}
	}
}

// lookTimeout ends a look at the admin API. The host starts its admin process
// twice: about a second after the first start it starts another one and ends
// the first, and its proxy keeps a connection that was open to it, silent, for
// as long as the client waits.
const lookTimeout = 2 * time.Second

func answers(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", url, response.Status)
	}
	return nil
}
