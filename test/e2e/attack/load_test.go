package attack

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"apinto-jwt/test/e2e/rig"
)

// hostileLoad is an attack that is under way.
type hostileLoad struct {
	address string
	until   time.Time
	done    sync.WaitGroup

	mu     sync.Mutex
	counts map[string]*hostileCount // by kind
}

// hostileCount is what came of the requests of one kind.
type hostileCount struct {
	sent     int
	outcomes map[string]int
	took     time.Duration // of all together
	wrong    int           // answers that no such request may get
	first    string        // of them
}

// startHostile attacks from as many connections as there are attackers.
func startHostile(address string, duration time.Duration) *hostileLoad {
	l := &hostileLoad{
		address: strings.TrimPrefix(address, "http://"), until: time.Now().Add(duration), counts: map[string]*hostileCount{},
	}
	kinds := attackKinds()
	for n := range attackers {
		l.done.Add(1)
		go func() {
			defer l.done.Done()
			l.attack(kinds, rand.New(rand.NewPCG(1, uint64(n))))
		}()
	}
	return l
}

// attack sends requests of all kinds over one connection, which is made again when the gateway has closed it.
func (l *hostileLoad) attack(kinds []attackKind, r *rand.Rand) {
	var conn hostileConn
	defer conn.close()
	for time.Now().Before(l.until) {
		kind := kinds[r.IntN(len(kinds))]
		request, begin := kind.request(r), time.Now()
		outcome := conn.send(l.address, kind, request)
		l.count(kind, outcome, time.Since(begin))
	}
}

// count takes note of an outcome.
func (l *hostileLoad) count(kind attackKind, outcome string, took time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.counts[kind.name]
	if c == nil {
		c = &hostileCount{outcomes: map[string]int{}}
		l.counts[kind.name] = c
	}
	c.sent++
	c.outcomes[outcome]++
	c.took += took
	if !slices.Contains(kind.outcomes, outcome) {
		if c.wrong == 0 {
			c.first = outcome
		}
		c.wrong++
	}
}

// expect waits for the end; each outcome was to be one of its kind's.
func (l *hostileLoad) expect(t *testing.T) {
	t.Helper()
	l.done.Wait()
	all := 0
	for _, name := range slices.Sorted(maps.Keys(l.counts)) {
		c := l.counts[name]
		all += c.sent
		each := c.took / time.Duration(c.sent)
		t.Logf("hostile, %s: %d requests: %v, %s each", name, c.sent, c.outcomes, each.Round(100*time.Microsecond))
		if c.wrong != 0 {
			t.Errorf("%s: %d of %d have an outcome that none may have, the first is %q", name, c.wrong, c.sent, c.first)
		}
	}
	t.Logf("hostile, all: %d requests", all)
	if len(l.counts) != len(attackKinds()) {
		t.Errorf("%d kinds of hostile requests were sent, want %d", len(l.counts), len(attackKinds()))
	}
}

// hostileConn is a connection of an attacker.
type hostileConn struct {
	net.Conn
	read *bufio.Reader
	kept int // requests whose tokens, and refusals whose text, were kept to be looked for
}

func (c *hostileConn) close() {
	if c.Conn != nil {
		_ = c.Close()
		c.Conn = nil
	}
}

// send sends a request and says what came of it: the answer's status, or that there is none.
func (c *hostileConn) send(address string, kind attackKind, request string) string {
	fresh := c.Conn == nil
	if fresh {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			return err.Error()
		}
		c.Conn, c.read = conn, bufio.NewReader(conn)
	}
	if c.kept++; c.kept <= 500 && len(request) < 20_000 {
		rig.NoteSent(request)
	}
	_ = c.SetDeadline(time.Now().Add(15 * time.Second))
	_, failed := io.WriteString(c, request)
	if kind.cut {
		c.close()
		return "cut"
	}
	response, err := http.ReadResponse(c.read, nil)
	if err != nil {
		c.close()
		if !fresh && failed != nil { // closed since the request before
			return c.send(address, kind, request)
		}
		return "no answer"
	}
	body, err := io.ReadAll(response.Body)
	if c.kept <= 500 {
		rig.NoteRefusal(response, body)
	}
	if err != nil || response.Close || failed != nil || strings.HasPrefix(request, "POST") {
		c.close() // behind a body that nobody has read the host takes its rest for the next request
	}
	return fmt.Sprint(response.StatusCode)
}
