package store

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/eolinker/apinto/resources"
)

// batch holds the questions of several requests to Redis, for one round trip. A request joins a batch that has not been sent,
// never one that is under way: what was ended before the request came is in the answer.
type batch struct {
	questions []question
	done      chan struct{} // Closed when the answers are there.
	answers   []reply       // One for each question; nil before.
}

// question is about a family, and one more field of it.
type question struct{ key, field string }

// batchesAtOnce is how many batches are under way before requests wait to share one.
const batchesAtOnce = 4

// batchTimers are the timers of requests that wait.
var batchTimers = sync.Pool{New: func() any { return time.NewTimer(callTimeout) }}

// read returns the family's fields "dead" and "n" and the one that is asked for, each nil if there is none.
func (s *redisStore) read(q question) ([]any, error) {
	s.mu.Lock()
	b := s.waiting
	if b == nil {
		b = &batch{done: make(chan struct{})}
	}
	i := len(b.questions)
	b.questions = append(b.questions, q)
	first := s.running < batchesAtOnce
	if first {
		s.running++
		s.waiting = nil
	} else {
		s.waiting = b
	}
	s.mu.Unlock()
	if first {
		s.send(b)
	} else {
		timer := batchTimers.Get().(*time.Timer)
		defer batchTimers.Put(timer)
		timer.Reset(callTimeout)
		defer timer.Stop()
		select {
		case <-b.done:
		case <-timer.C:
			return nil, errSlow
		}
	}
	return b.answers[i].list, b.answers[i].err
}

// send sends the batch and waits for its answers; the batch that waits is sent next.
func (s *redisStore) send(b *batch) {
	answers, err := s.query(b.questions)
	if err != nil {
		answers = make([]reply, len(b.questions))
		for i := range answers {
			answers[i].err = err
		}
	}
	b.answers = answers
	close(b.done)
	s.mu.Lock()
	next := s.waiting
	s.waiting = nil
	if next == nil {
		s.running--
	}
	s.mu.Unlock()
	if next != nil {
		go s.send(next)
	}
}

// query puts the questions to the store. A panic is an answer that cannot be read: those who wait get it, and the next
// batch is sent.
func (s *redisStore) query(questions []question) (answers []reply, err error) {
	defer func() {
		if p := recover(); p != nil {
			s.panicked("a batch of questions to the store", "the batch")
			answers, err = nil, errUnreadable
		}
	}()
	return call(s, func(ctx context.Context, cache resources.ICache) []reply { return fetch(ctx, cache, questions) })
}

// fetch reads the answers from the cache in one round trip, or one for each node of a cluster of Redis nodes.
func fetch(ctx context.Context, cache resources.ICache, questions []question) []reply {
	results := make([]resources.ArrayInterfaceResult, len(questions))
	if len(questions) == 1 {
		results[0] = cache.HMGet(ctx, questions[0].key, "dead", "n", questions[0].field)
	} else {
		tx := cache.Tx()
		for i, q := range questions {
			results[i] = tx.HMGet(ctx, q.key, "dead", "n", q.field)
		}
		_ = tx.Exec(ctx) // each result has its error
	}
	answers := make([]reply, len(questions))
	for i, result := range results {
		list, err := result.Result()
		switch {
		case err != nil:
			answers[i].err = fmt.Errorf("redis: %w", err)
		case len(list) != 3:
			answers[i].err = errUnreadable
		default:
			answers[i].list = list
		}
	}
	return answers
}
