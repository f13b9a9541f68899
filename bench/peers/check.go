package peers

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// forge returns a token with one character of its signature's middle changed.
func forge(token string) string {
	at := strings.LastIndexByte(token, '.')
	at += (len(token) - at) / 2
	other := byte('A')
	if token[at] == other {
		other = 'B'
	}
	return token[:at] + string(other) + token[at+1:]
}

// checkTimeout bounds the time until a route answers as it should.
const checkTimeout = 30 * time.Second

// check waits until a route answers as it should. An open one accepts requests without a token. A protected one accepts a good token,
// and refuses a forged one and none.
func check(ctx context.Context, url string, c loadCase, open bool) error {
	rule := c.rule()
	good := rule.New()
	type question struct {
		name, authorization string
		accepted            bool
	}
	questions := []question{{"no token", "", open}}
	if !open {
		questions = append(questions, question{"a good token", "Bearer " + good, true}, question{"a forged token", "Bearer " + forge(rule.New()), false})
	}
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	for _, q := range questions {
		for {
			status, err := ask(ctx, url, q.authorization)
			if err == nil && rightStatus(status, q.accepted) {
				break
			}
			select {
			case <-ctx.Done():
				return fmt.Errorf("%s is answered with status %d: %w", q.name, status, errOr(err, ctx.Err()))
			case <-time.After(100 * time.Millisecond):
			}
		}
	}
	return nil
}

// rightStatus reports whether an answer is one to a request that is to be accepted, or to be refused.
func rightStatus(status int, accepted bool) bool {
	if accepted {
		return status == http.StatusOK
	}
	return status == http.StatusUnauthorized || status == http.StatusForbidden
}

// errOr returns the first of two errors that is not nil.
func errOr(first, second error) error {
	if first != nil {
		return first
	}
	return second
}
