package jwt

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/jwttest/host"
)

// visit records one request as the server saw it.
type visit struct{ path, result, upstream string }

// bodyServer is a real server whose requests are put to an application that takes tokens from bodies. What it saw is
// to be read when the connections are closed.
func bodyServer(t *testing.T) (dial func() net.Conn, visits func() []visit) {
	t.Helper()
	k := newKit(t)
	list := k.bind(appOf("a"), entry{position: "body", name: "jwt", users: hiddenAnn})
	var mu sync.Mutex
	var seen []visit
	dial = host.Serve(t, func(ctx http_service.IHttpContext) {
		v := visit{path: ctx.Request().URI().Path(), result: answer(ctx, list...)}
		if v.result == "ann of a@app" {
			v.upstream = host.Upstream(t, ctx)
		} else {
			ctx.Response().SetStatus(401, "Unauthorized")
		}
		mu.Lock()
		seen = append(seen, v)
		mu.Unlock()
	})
	return dial, func() []visit {
		mu.Lock()
		defer mu.Unlock()
		return append([]visit(nil), seen...)
	}
}

// answers reads so many answers, fewer if the connection ends before.
func answers(t *testing.T, conn net.Conn, most int) (statuses []int) {
	t.Helper()
	_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	reader := bufio.NewReader(conn)
	for range most {
		response, err := http.ReadResponse(reader, nil)
		if err != nil {
			return statuses
		}
		_, _ = io.Copy(io.Discard, response.Body)
		statuses = append(statuses, response.StatusCode)
	}
	return statuses
}

// A body that comes in pieces, and the request behind it on the same connection.
func TestStreams(t *testing.T) {
	const limit = 100_000
	t.Setenv(EnvBodyLimit, fmt.Sprint(limit))
	head := func(lines string) string {
		return "POST /first HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" + lines + "\r\n\r\n"
	}
	const second = "GET /second HTTP/1.1\r\nHost: a\r\n\r\n"
	small, full := padded(t, 500), padded(t, limit)
	for name, text := range map[string]string{
		"length":                  head(fmt.Sprintf("Content-Length: %d", len(small))) + small,
		"length at the limit":     head(fmt.Sprintf("Content-Length: %d", len(full))) + full,
		"chunks":                  head("Transfer-Encoding: chunked") + chunked(small, 7),
		"chunks at the limit":     head("Transfer-Encoding: chunked") + chunked(full, 4000),
		"one chunk":               head("Transfer-Encoding: chunked") + chunked(full, limit),
		"chunks and a trailer":    head("Transfer-Encoding: chunked\r\nTrailer: X-End") + strings.TrimSuffix(chunked(small, 7), "\r\n") + "X-End: 1\r\n\r\n",
		"expects to be continued": head(fmt.Sprintf("Expect: 100-continue\r\nContent-Length: %d", len(small))) + small,
	} {
		t.Run(name, func(t *testing.T) {
			dial, visits := bodyServer(t)
			conn := dial()
			go func() {
				for piece := text + second; piece != ""; {
					n := min(len(piece), 10_000)
					if _, err := io.WriteString(conn, piece[:n]); err != nil {
						return
					}
					piece = piece[n:]
				}
			}()
			want := []int{200, 401}
			if strings.Contains(name, "continued") {
				want = []int{100, 200, 401}
			}
			if got := answers(t, conn, len(want)); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("answers %v, want %v", got, want)
			}
			seen := visits()
			if len(seen) != 2 || seen[0].path != "/first" || seen[1].path != "/second" {
				t.Fatalf("the server saw %.500v", seen)
			}
			kept := `{"a":"` + strings.Repeat("x", 400)
			if seen[0].result != "ann of a@app" || !strings.Contains(seen[0].upstream, kept[:100]) || strings.Contains(seen[0].upstream, ann(t)) {
				t.Errorf("first: %.500v", seen[0])
			}
			if seen[1].result != "none" {
				t.Errorf("second: %v", seen[1])
			}
		})
	}
}

// What we do not read of a body must not be taken for the next request: whoever shares the connection would get its
// answer, and what it asks for would pass every filter in front of the gateway.
func TestRestOfALargeBodyIsNoRequest(t *testing.T) {
	const limit = 30_000
	t.Setenv(EnvBodyLimit, fmt.Sprint(limit))
	const smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
	body := strings.Repeat(" ", limit+1) + smuggled
	dial, visits := bodyServer(t)
	conn := dial()
	go func() {
		_, _ = fmt.Fprintf(conn, "POST /first HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n%s", chunked(body, len(body)))
	}()
	answers(t, conn, 2)
	for _, v := range visits() {
		if v.path != "/first" {
			t.Errorf("the server took the rest of the body for a request: %v", v)
		}
	}
}

// A rule that looks at a cookie and at the body reads the body also if the cookie was enough, as the two must not
// contradict each other: a body that cannot be put back must not go to the upstream without its beginning.
func TestLargeBodyBesideACookie(t *testing.T) {
	const limit = 20_000
	t.Setenv(EnvBodyLimit, fmt.Sprint(limit))
	k := newKit(t)
	list := k.bind(appOf("a"), entry{position: "body", name: "jwt", config: ruleJSON("cookie_name", `"sid"`)})
	body := `{"a":"` + strings.Repeat("x", 2*limit) + `"}`
	ctx := host.Context(t, post("application/json", chunked(body, 3000), "Transfer-Encoding: chunked", "Cookie: sid="+ann(t)))
	if got := answer(ctx, list...); got == "end" {
		return
	} else if got != "ann of a@app" {
		t.Errorf("got %s", got)
	}
	if got := host.Upstream(t, ctx); !strings.Contains(got, `{"a":"xxx`) {
		t.Errorf("the upstream gets a body without its beginning: %.300q", got)
	}
}
