package jwt

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"apinto-jwt/drivers/internal/panics"
)

// How refusals are followed.
const (
	// maxWatchers bounds those who follow at one time.
	maxWatchers = 32
	// watchStep is the time between two looks at the last refusals.
	watchStep = 200 * time.Millisecond
	// watchSign is the time after which watchComment is sent if there is nothing else, for whoever stands between.
	watchSign    = 15 * time.Second
	watchComment = ":\n\n"
	// watchWrite bounds the writing of what has come: who reads no more is left.
	watchWrite = 10 * time.Second
)

// serveRefusals answers GET /apinto/jwt/refusals with the refusals as they come: server-sent events, whose data are refusals as
// JSON, and whose id is its number. after, or else the header Last-Event-ID, is the number of the last one that is known: 0 begins with
// all that are kept, none with the next one.
func (d *Driver) serveRefusals(w http.ResponseWriter, r *http.Request) {
	defer func() {
		if p := recover(); p != nil {
			d.Panics.Caught("refusals", panics.Asked)
		}
	}()
	if text := d.guard.refuses(r); text != "" {
		http.Error(w, text, http.StatusForbidden)
		return
	}
	after, err := d.lastKnown(r)
	if err != nil {
		http.Error(w, "after must be the number of a refusal", http.StatusBadRequest)
		return
	}
	if d.watchers.Add(1) > maxWatchers {
		d.watchers.Add(-1)
		http.Error(w, fmt.Sprintf("%d are following already", maxWatchers), http.StatusServiceUnavailable)
		return
	}
	defer d.watchers.Add(-1)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	d.follow(w, r, after)
}

// lastKnown returns the number of the last refusal that who asks knows.
func (d *Driver) lastKnown(r *http.Request) (uint64, error) {
	text := r.URL.Query().Get("after")
	if text == "" {
		text = r.Header.Get("Last-Event-ID")
	}
	if text == "" {
		return d.Refused.Number(), nil
	}
	return strconv.ParseUint(text, 10, 64)
}

// follow writes the refusals behind a number until the client goes.
func (d *Driver) follow(w http.ResponseWriter, r *http.Request, after uint64) {
	out := http.NewResponseController(w)
	write := func(text string) error {
		_ = out.SetWriteDeadline(time.Now().Add(watchWrite)) // where there is none, the end of the connection counts
		if _, err := io.WriteString(w, text); err != nil {
			return err
		}
		return out.Flush()
	}
	step := time.NewTicker(watchStep)
	defer step.Stop()
	text, written := watchComment, time.Time{}
	for {
		if text != "" || time.Since(written) >= watchSign {
			if write(cmp.Or(text, watchComment)) != nil {
				return
			}
			written = time.Now()
		}
		select {
		case <-r.Context().Done():
			return
		case <-step.C:
		}
		text, after = d.Refused.Events(after)
	}
}
