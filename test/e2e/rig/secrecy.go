package rig

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/leak"
)

// secrets are those of all tests: what was signed, sent or configured. Whatever is seen of the gateways besides the
// requests' own way is evidence, and looked through for them when all tests have ended.
var (
	secrets  leak.Secrets
	evidence *leak.Evidence
)

// hostShows are the places where the host shows what this project never does; docs/reliability.md tells operators of
// them. The first one is there whenever a gateway has logged at DebugLevel.
var hostShows = []leak.Known{
	{
		What: "the stored configuration, in the host's debug log", Kind: leak.Stored,
		In: regexp.MustCompile(`^\[[^]]*\] \[DEBU\] \[(?:master|admin|worker)-\d+\](?:` + strings.Join([]string{
			`[\d.e+]+\tdebug\tapplyEntryNormal\t`,          // etcd, in the master
			`send listen to worker:`, `recv:`, `init set:`, // from the master to the worker
			`update:`, `GetData:JsonData:`, `read:\[`, `init setting id`, // in the admin process
		}, "|") + `).*`),
	},
	{
		What: "the begin of a request that cannot be read, at every level", Kind: leak.Token,
		In: regexp.MustCompile(`^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d error when serving connection "[^"]*"<->"[^"]*": .*`),
	},
	{
		What: "the query, in the host's access log", Kind: leak.Token,
		In: regexp.MustCompile(`"uri":"[^"?]*\?[^"]*"`),
	},
}

// watchSecrets begins to gather.
func watchSecrets() (err error) {
	jwttest.Watch(func(token string, key any) {
		secrets.Token(token)
		if !isPublic(key) {
			secrets.Key(key)
		}
	})
	evidence, err = leak.NewEvidence()
	return err
}

// isPublic is whether this is a public key that an attacker takes for a secret.
func isPublic(key any) bool {
	text, ok := key.(string)
	return ok && strings.Contains(text, "PUBLIC KEY")
}

// heard is what a gateway's harness tells of the admin API.
func heard(x gateway.Exchange) {
	secrets.Configuration(x.Sent)
	if x.Said != "" {
		evidence.Note(x.Said)
	}
}

// keepLogs stops a gateway and takes its logs.
func keepLogs(node *gateway.Node) error {
	if err := node.Stop(); err != nil {
		return err
	}
	for _, dir := range []string{node.LogDir(), node.AccessLogDir()} {
		if err := evidence.Keep(dir); err != nil {
			return err
		}
	}
	return nil
}

// searchEvidence says on w what leaked. If the gateways ran and the host's own lines are not found, the search itself
// is broken.
func searchEvidence(w io.Writer) error {
	report, err := evidence.Search(&secrets, hostShows)
	if err != nil {
		return err
	}
	if testing.Verbose() {
		fmt.Fprintf(w, "looked for %d secrets in %d lines (%d MB); shown by the host: %v\n",
			secrets.Size(), report.Lines, report.Bytes>>20, report.Hosts)
	}
	if report.Leaks > 0 {
		return fmt.Errorf("%d secrets were seen:\n%s", report.Leaks, strings.Join(report.Sample, "\n"))
	}
	if nodes.debugged && report.Hosts[hostShows[0].What] == 0 {
		return fmt.Errorf("the search found nothing of what the host's debug log shows: it does not work")
	}
	return nil
}

// observed registers the credentials that it carries, and keeps the answers that refuse.
type observed struct{ http.RoundTripper }

// Observe makes a transport that does so.
func Observe(transport http.RoundTripper) http.RoundTripper { return observed{transport} }

var (
	passwordFields = regexp.MustCompile(`(?:^|&)(?:password|client_secret)=([^&]+)`)
	issuedTokens   = regexp.MustCompile(`"(?:access|refresh)_token":\s*"([^"]+)"`)
)

func (o observed) RoundTrip(request *http.Request) (*http.Response, error) {
	if err := register(request); err != nil {
		return nil, err
	}
	response, err := o.RoundTripper.RoundTrip(request)
	if err != nil || response.StatusCode == http.StatusSwitchingProtocols {
		return response, err
	}
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	for _, issued := range issuedTokens.FindAllSubmatch(body, -1) {
		secrets.Token(string(issued[1]))
	}
	NoteRefusal(response, body)
	return response, nil
}

func register(request *http.Request) error {
	secrets.Tokens(request.URL.RawQuery)
	for _, values := range request.Header {
		for _, value := range values {
			secrets.Tokens(value)
		}
	}
	if request.GetBody == nil {
		return nil
	}
	reader, err := request.GetBody()
	if err != nil {
		return err
	}
	body, err := io.ReadAll(reader)
	if err != nil {
		return err
	}
	secrets.Tokens(string(body))
	for _, field := range passwordFields.FindAllSubmatch(body, -1) {
		if password, err := url.QueryUnescape(string(field[1])); err == nil {
			secrets.Secret(leak.Password, password)
		}
	}
	return nil
}

// NoteSent registers the tokens in the text of a request.
func NoteSent(text string) { secrets.Tokens(text) }

// NoteRefusal keeps an answer that lets nobody in.
func NoteRefusal(response *http.Response, body []byte) {
	if response.StatusCode >= http.StatusBadRequest {
		evidence.Note(fmt.Sprintf("%s %v %s", response.Status, response.Header, body))
	}
}

// reportSecrecy ends the run: an exit status of 0 becomes 1 if a secret was seen.
func reportSecrecy(code int) int {
	if err := searchEvidence(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "FAIL: secrets:", err)
		return max(code, 1)
	}
	return code
}
