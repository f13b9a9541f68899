package attack

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http/httputil"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// The edits of the host change what it costs and close faults. All else is the
// host's to the byte: the same requests go through a gateway on the edited host
// and one on the stock host, and the answers and what the upstream read are
// compared.
func TestEditedHostIsTheHost(t *testing.T) {
	var sides [2]*rawSide
	sides[0] = newRawSide(t, rig.Binary())
	if !rig.Edited(t, sides[0].node) {
		t.Skip("the gateway under test stands on the stock host: there is nothing to compare it with")
	}
	sides[1] = newRawSide(t, stockBinary(t))
	random := rand.New(rand.NewPCG(2026, 16))
	tokens := diffTokens(t)
	for i := range 2000 {
		request := diffRequest(random, i, tokens)
		var answers, seen [2]string
		for k, side := range sides {
			answers[k], seen[k] = side.exchange(t, i, request)
		}
		for range 3 {
			if !lostBody(answers[1], answers[0]) {
				break
			}
			answers[1], seen[1] = sides[1].exchange(t, i, request)
		}
		if answers[0] != answers[1] {
			t.Errorf("request %d:\n%q\nedited host answers\n%q\nstock host answers\n%q", i, request, answers[0], answers[1])
		}
		if seen[0] != seen[1] {
			t.Errorf("request %d:\n%q\nthe upstream read of the edited host\n%q\nand of the stock host\n%q", i, request, seen[0], seen[1])
		}
		if t.Failed() {
			t.FailNow() // the others differ for the same reason
		}
	}
	t.Logf("%d requests of 2000 reached the upstream", sides[0].upstream.total())
	if n := sides[0].upstream.total(); n < 500 || n > 1500 {
		t.Errorf("%d of 2000 requests reached the upstream, want some hundreds on either side", n)
	}
}

// lostBody reports whether the stock host has lost the body of a streamed answer, or its end, which the edit streamed-body mends.
func lostBody(stock, edited string) bool {
	return stock != edited && strings.HasPrefix(edited, stock) && strings.Contains(stock, "Transfer-Encoding: chunked")
}

// stockBinary returns a gateway on the stock host: the Makefile's, or one that
// is built now.
func stockBinary(t *testing.T) string {
	t.Helper()
	if path := os.Getenv(gateway.EnvStockBinary); path != "" {
		return path
	}
	path := filepath.Join(t.TempDir(), "apinto-stock")
	must.Succeed(t, gateway.BuildOnStock(t.Context(), path, os.Stderr))
	return path
}

// rawSide is one gateway with an upstream that keeps the bytes it reads.
type rawSide struct {
	node     *gateway.Node
	upstream *rawUpstream
}

func newRawSide(t *testing.T, binary string) *rawSide {
	t.Helper()
	e := rig.NewEnv(rig.StartBinary(t, binary, "warning"))
	t.Cleanup(e.Upstream.Close)
	u := startRawUpstream(t)
	ctx := context.Background()
	must.Succeed(t, e.Node.Front(ctx, u.address(), e.Log))
	must.Succeed(t, e.Node.Create(ctx, rig.Anchor()))
	must.Succeed(t, e.Node.Create(ctx, hostileApp()))
	s := &rawSide{e.Node, u}
	rig.Within(t, rig.Settle, func() error {
		answer, _ := s.exchange(t, -1, "GET /ready HTTP/1.1\r\nHost: gateway.test\r\nConnection: close\r\nAuthorization: Bearer "+rig.AnchorToken(t)+"\r\n\r\n")
		if !strings.HasPrefix(answer, "HTTP/1.1 200") {
			return fmt.Errorf("not ready: %q", answer)
		}
		return nil
	})
	u.forget()
	return s
}

// exchange sends the bytes on a connection of their own and returns the answer
// and what the upstream read, both without what differs from run to run.
func (s *rawSide) exchange(t *testing.T, number int, request string) (answer, seen string) {
	t.Helper()
	connection := rig.Dial(t, s.node, 20*time.Second)
	defer connection.Close()
	if _, err := connection.Write([]byte(request)); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := b.ReadFrom(connection); err != nil && b.Len() == 0 {
		t.Fatalf("request %d: %v", number, err)
	}
	return steady(unchunked(b.String())), steady(strings.Join(s.upstream.take(), "\n----\n"))
}

// unchunked puts a chunked body together: how the host cuts it depends on when
// the upstream's bytes arrive.
func unchunked(answer string) string {
	head, body, found := strings.Cut(answer, "\r\n\r\n")
	if !found || !strings.Contains(head, "Transfer-Encoding: chunked") || body == "" {
		return answer
	}
	whole, err := io.ReadAll(httputil.NewChunkedReader(strings.NewReader(body)))
	if err != nil {
		return answer
	}
	return head + "\r\n\r\n" + string(whole)
}

// varying is what differs from run to run: addresses and dates.
var varying = regexp.MustCompile(`127\.0\.0\.1:\d+|(?i)\r\nDate: [^\r]*`)

func steady(text string) string { return varying.ReplaceAllString(text, "") }

// diffTokens are a good token, a forged one, and things that are none.
func diffTokens(t *testing.T) []string {
	t.Helper()
	return []string{
		rig.AnchorToken(t), rig.AnchorToken(t), rig.AnchorToken(t),
		jwttest.Sign(t, "HS256", "a secret of somebody else's", nil, rig.Claims{"sub": "anchor"}),
		jwttest.Sign(t, "HS256", hostileSecret, rig.Object{"typ": "JWT"}, rig.Claims{"iss": "us", "sub": "ann"}),
		"x.y.z", "no-token", "",
	}
}

// diffRequest writes the bytes of one request, chosen by chance.
func diffRequest(random *rand.Rand, number int, tokens []string) string {
	pick := func(from []string) string { return from[random.IntN(len(from))] }
	token := pick(tokens)
	path := pick([]string{"/a", "/open/a", "/open/b", "/a%20b", "/a/../b", "//a//b", "/ä", "/a;b=c", "/a%2fb", "/long/" + strings.Repeat("x", 900), "/a."})
	path += fmt.Sprintf("/%d", number) + pick([]string{"", "?a=1&b=2", "?a=1&a=2", "?", "?a=%zz&b", "?hostile=" + token, "?q=" + strings.Repeat("y", 2000)})
	path += pick([]string{"", "&chunked=1", "&status=204", "&status=500", "&big=1", "&gzip=1"})
	var b strings.Builder
	method := pick([]string{"GET", "GET", "POST", "PUT", "HEAD", "DELETE", "OPTIONS", "PATCH"})
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: gateway.test\r\nConnection: close\r\n", method, path)
	for _, field := range []string{
		"Authorization: Bearer " + token, "AUTHORIZATION: bearer " + token, "authorization: " + token, "X-Hostile: " + token, "Cookie: a=b; session=" + token,
		"Accept: */*", "ACCEPT-encoding: gzip", "X-Twice: 1\r\nX-Twice: 2", "x-lower-case: yes", "X-Empty:", "X-Blank:   padded   ",
		"User-Agent: tester/1.0", "X-Forwarded-For: 10.1.2.3, 10.4.5.6", "X-Real-Ip: 10.9.9.9", "X-Long: " + strings.Repeat("z", 3000),
		"Authorization-Type: jwt", "Te: trailers", "Cache-Control: no-cache", "X-Utf8: größe", "Range: bytes=0-3", "If-None-Match: \"x\"",
	} {
		if random.IntN(4) == 0 {
			b.WriteString(field + "\r\n")
		}
	}
	if method == "POST" || method == "PUT" || method == "PATCH" {
		b.WriteString(diffBody(random, token))
	} else {
		b.WriteString("\r\n")
	}
	return b.String()
}

// diffBody writes the rest of a request with a body.
func diffBody(random *rand.Rand, token string) string {
	size := []int{0, 1, 100, 8 << 10, 20 << 10}[random.IntN(5)]
	kinds := []struct{ contentType, body string }{
		{"text/plain", strings.Repeat("b", size)},
		{"application/x-www-form-urlencoded", "hostile=" + token + "&fill=" + strings.Repeat("f", size)},
		{"application/json", `{"hostile":"` + token + `","deep":{"hostile":"` + token + `"},"fill":"` + strings.Repeat("j", size) + `"}`},
		{"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"hostile\"\r\n\r\n" + token + "\r\n--x--\r\n" + strings.Repeat("e", size)},
	}
	kind := kinds[random.IntN(len(kinds))]
	head := "Content-Type: " + kind.contentType + "\r\n"
	if random.IntN(3) > 0 {
		return head + fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(kind.body), kind.body)
	}
	var b strings.Builder
	b.WriteString(head + "Transfer-Encoding: chunked\r\n\r\n")
	for rest := kind.body; rest != ""; {
		n := min(len(rest), 1+random.IntN(6000))
		fmt.Fprintf(&b, "%x\r\n%s\r\n", n, rest[:n])
		rest = rest[n:]
	}
	b.WriteString("0\r\n\r\n")
	return b.String()
}
