package attack

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"apinto-jwt/test/e2e/rig"
)

// What cannot be read of a connection is quoted nowhere: neither in an answer, which somebody else may get where a proxy shares
// its connection among clients, nor in a log.
func TestNothingIsQuoted(t *testing.T) {
	e := rig.Own(t)
	edited := rig.Edited(t, e.Node)
	const mark = "the-next-request-of-another-client"
	next := "GET /open/next HTTP/1.1\r\nHost: gateway.test\r\nX-Mark: " + mark + "\r\n\r\n"
	for name, text := range map[string]string{
		"a forbidden trailer":    "POST /open/quoted HTTP/1.1\r\nHost: gateway.test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nContent-Length: 3\r\n\r\n" + next,
		"a line without a colon": "GET /open/quoted HTTP/1.1\r\nHost: gateway.test\r\nno colon\r\nX-Mark: " + mark + "\r\n\r\n",
		"a head that breaks off": "GET /open/quoted HTTP/1.1\r\nHost: gateway.test\r\nX-Mark: " + mark + "\r\nX-",
	} {
		t.Run(name, func(t *testing.T) {
			answers, _ := e.Converse(t, text)
			t.Logf("%.300q", answers)
			quoted := strings.Contains(string(answers), mark)
			if edited && quoted {
				t.Errorf("the answer quotes the request behind it: %.600q", answers)
			}
			if !edited && !quoted && name == "a forbidden trailer" {
				t.Errorf("the stock host does not quote it now: the edit unquoted-errors is not needed: %.600q", answers)
			}
		})
	}
	if err := e.Node.Stop(); err != nil {
		t.Fatal(err)
	}
	logs, err := filepath.Glob(filepath.Join(e.Node.LogDir(), "*"))
	if err != nil || len(logs) == 0 {
		t.Fatal(logs, err)
	}
	quoted := false
	for _, log := range logs {
		text, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		quoted = quoted || strings.Contains(string(text), mark)
	}
	if quoted == edited {
		t.Errorf("a log quotes what cannot be read (on the edited host: %t): %t", edited, quoted)
	}
}
