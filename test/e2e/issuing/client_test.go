package issuing

import (
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"apinto-jwt/jwttest/must"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// granted is an endpoint's answer.
type granted struct {
	status     int
	header     http.Header
	retryAfter string
	body       string
	access     string
	refresh    string
}

func (g granted) member(name string) string { return gjson.Get(g.body, name).String() }

// patient waits for answers as long as logins may wait for each other.
var patient = &http.Client{Timeout: time.Minute, Transport: rig.Observe(http.DefaultTransport)}

// from is a client with this local address.
func from(address string) *http.Client {
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
	return &http.Client{Timeout: time.Minute, Transport: rig.Observe(&http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true})}
}

// sendBy sends a request, with header lines as "Name: value". A body is a form, unless a line says otherwise.
func sendBy(client *http.Client, method, target, body string, lines ...string) (granted, error) {
	request, err := http.NewRequest(method, target, strings.NewReader(body))
	if err != nil {
		return granted{}, err
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		if name == "Content-Type" {
			request.Header.Del(name)
		}
		request.Header.Add(name, value)
	}
	response, err := client.Do(request)
	if err != nil {
		return granted{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	g := granted{status: response.StatusCode, header: response.Header, retryAfter: response.Header.Get("Retry-After"), body: string(text)}
	g.access, g.refresh = gjson.Get(g.body, "access_token").Str, gjson.Get(g.body, "refresh_token").Str
	return g, err
}

// direct posts a form and waits for the answer.
func direct(target, body string, lines ...string) (granted, error) {
	return sendBy(patient, http.MethodPost, target, body, lines...)
}

// send is sendBy that must have an answer.
func send(t *testing.T, method, target, body string, lines ...string) granted {
	t.Helper()
	g, err := sendBy(patient, method, target, body, lines...)
	must.Succeed(t, err)
	return g
}

// sendBasic sends a form with HTTP Basic and the users' password (RFC 6749 §2.3.1).
func sendBasic(t *testing.T, target, name, body string) granted {
	t.Helper()
	credentials := strings.ReplaceAll(name, "|", "%7C") + ":" + rightPassword
	return send(t, http.MethodPost, target, body, "Authorization: Basic "+basic(credentials))
}

func basic(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

// tryPost sends a form to an endpoint of this node, if there is somebody who answers; pairs of name and value.
func tryPost(node *gateway.Node, kind string, pairs ...string) (granted, error) {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return sendBy(rig.Client, http.MethodPost, node.URL+"/oauth/"+kind, form.Encode())
}

// post is tryPost that must have an answer.
func post(t *testing.T, node *gateway.Node, kind string, pairs ...string) granted {
	t.Helper()
	g, err := tryPost(node, kind, pairs...)
	must.Succeed(t, err)
	return g
}

// rightPassword is the users' password in a form.
const rightPassword = "correct+horse"

// passwordForm is the form of a login.
func passwordForm(app, user, password string) string {
	return fmt.Sprintf("grant_type=password&client_id=%s&username=%s&password=%s", app, user, password)
}

func login(t *testing.T, node *gateway.Node, app, user string) granted {
	t.Helper()
	return post(t, node, "token", loginPairs(app, user)...)
}

func loginPairs(app, user string) []string {
	return []string{"grant_type", "password", "client_id", app, "username", user, "password", rig.IssuedPassword}
}

// mustLogin waits until the endpoint is there; the host starts a worker anew when its node joins a cluster.
func mustLogin(t *testing.T, node *gateway.Node, app, user string) granted {
	t.Helper()
	var g granted
	rig.Within(t, 10*time.Second, func() (err error) {
		if g, err = tryPost(node, "token", loginPairs(app, user)...); err != nil {
			return err
		}
		if g.status != http.StatusOK || g.access == "" {
			return fmt.Errorf("login: %d %s", g.status, g.body)
		}
		return nil
	})
	return g
}

func refresh(t *testing.T, node *gateway.Node, raw string) granted {
	t.Helper()
	return post(t, node, "token", "grant_type", "refresh_token", "refresh_token", raw)
}

// atOnce sends this many requests at the same time; how many got each status.
func atOnce(t *testing.T, n int, send func(i int) (granted, error)) map[int]int {
	t.Helper()
	var wg sync.WaitGroup
	var mu sync.Mutex
	statuses := make(map[int]int)
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			g, err := send(i)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			statuses[g.status]++
		}()
	}
	wg.Wait()
	return statuses
}
