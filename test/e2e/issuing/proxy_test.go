package issuing

import (
	"fmt"
	"net/http"
	"testing"
)

// Whose address a failed login counts for. One client has used up its hundred; who is taken for it gets 429.
func TestIssuingProxies(t *testing.T) {
	e, _ := acceptance(t)
	e.Add(t, houseApp("Trusted"))
	mustLogin(t, e.Node, "trusted", "ann")
	target := e.Node.URL + "/proxied/token"
	used := func(line string) {
		got := atOnce(t, 110, func(i int) (granted, error) {
			return direct(target, passwordForm("trusted", fmt.Sprint("nobody-", line[:3], i), "wrong"), line)
		})
		if got[http.StatusBadRequest] != 100 || got[http.StatusTooManyRequests] != 10 {
			t.Fatalf("a hundred and ten failed logins: %v", got)
		}
	}
	used("X-Forwarded-For: 192.0.2.7")
	used("Forwarded: for=\"[2001:db8:1:2::7]\"")
	for _, tt := range []struct {
		name, from string
		same       bool
		lines      []string
	}{
		{"itself", "", true, []string{"X-Forwarded-For: 192.0.2.7"}},
		{"an invention on the left", "", true, []string{"X-Forwarded-For: 203.0.113.9, 192.0.2.7"}},
		{"the client pretends to be it", "", false, []string{"X-Forwarded-For: 192.0.2.7, 203.0.113.9"}},
		{"over a second proxy", "", true, []string{"X-Forwarded-For: 192.0.2.7, 10.1.2.3"}},
		{"two lines, it is last", "", true, []string{"X-Forwarded-For: 203.0.113.9", "X-Forwarded-For: 192.0.2.7"}},
		{"two lines, it is first", "", false, []string{"X-Forwarded-For: 192.0.2.7", "X-Forwarded-For: 203.0.113.9"}},
		{"with a port", "", true, []string{"X-Forwarded-For: 192.0.2.7:4711"}},
		{"mapped", "", true, []string{"X-Forwarded-For: ::ffff:192.0.2.7"}},
		{"mapped, in brackets, with a port", "", true, []string{"X-Forwarded-For: [::ffff:192.0.2.7]:80"}},
		{"tabs", "", true, []string{"X-Forwarded-For: 203.0.113.9 ,\t192.0.2.7"}},
		{"nonsense", "", false, []string{"X-Forwarded-For: nonsense"}},
		{"nonsense behind it", "", false, []string{"X-Forwarded-For: 192.0.2.7, nonsense"}},
		{"RFC 7239", "", true, []string{"Forwarded: for=192.0.2.7"}},
		{"RFC 7239, case, port, quotes", "", true, []string{`Forwarded: For="192.0.2.7:4711"`}},
		{"RFC 7239, further parameters", "", true, []string{"Forwarded: for=203.0.113.9, proto=https;for=192.0.2.7;by=10.0.0.1"}},
		{"RFC 7239, hidden behind it", "", false, []string{"Forwarded: for=192.0.2.7, for=_hidden"}},
		{"RFC 7239, unknown", "", false, []string{"Forwarded: for=192.0.2.7, for=unknown"}},
		{"RFC 7239, over a second proxy", "", true, []string{`Forwarded: for=192.0.2.7, for="[fd00::1]:99"`}},
		{"RFC 7239, a comma in quotes", "", false, []string{`Forwarded: for="203.0.113.9, for=192.0.2.7"`}},
		{"RFC 7239, an open quote in front", "", false, []string{`Forwarded: for="x, for=192.0.2.7, for=203.0.113.9`}},
		{"RFC 7239, two lines", "", true, []string{"Forwarded: for=203.0.113.9", "Forwarded: for=192.0.2.7"}},
		{"both, the same", "", true, []string{"Forwarded: for=192.0.2.7", "X-Forwarded-For: 192.0.2.7"}},
		{"both, different", "", false, []string{"Forwarded: for=203.0.113.9", "X-Forwarded-For: 192.0.2.7"}},
		{"both, different, the other way", "", false, []string{"Forwarded: for=192.0.2.7", "X-Forwarded-For: 203.0.113.9"}},
		{"X-Real-IP is not believed", "", false, []string{"X-Real-IP: 192.0.2.7"}},
		{"all are proxies", "", false, []string{"X-Forwarded-For: 10.0.0.1, 10.0.0.2"}},
		{"of no proxy", "127.0.0.9", false, []string{"X-Forwarded-For: 192.0.2.7"}},
		{"of no proxy, RFC 7239", "127.0.0.9", false, []string{"Forwarded: for=192.0.2.7"}},
		{"IPv6, the same network", "", true, []string{"X-Forwarded-For: 2001:db8:1:2:ffff::1"}},
		{"IPv6, brackets and port", "", true, []string{"X-Forwarded-For: [2001:db8:1:2::9]:1234"}},
		{"IPv6, RFC 7239, port", "", true, []string{`Forwarded: for="[2001:DB8:1:2::9]:1234"`}},
		{"IPv6, the next network", "", false, []string{"X-Forwarded-For: 2001:db8:1:3::7"}},
	} {
		client := patient
		if tt.from != "" {
			client = from(tt.from)
		}
		got, err := sendBy(client, http.MethodPost, target, passwordForm("trusted", "ann", rightPassword), tt.lines...)
		want := http.StatusOK
		if tt.same {
			want = http.StatusTooManyRequests
		}
		if err != nil || got.status != want || want == http.StatusTooManyRequests && got.retryAfter == "" {
			t.Errorf("%s: %v, %d %s, want %d", tt.name, err, got.status, got.body, want)
		}
	}
}
