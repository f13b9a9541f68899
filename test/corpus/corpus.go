// Package corpus is the project's own collection of attacks on a JWT verifier, and of tokens that it must accept, each
// with the reason that must come out. The same cases run against packages rule and token, against the driver with the
// gateway's own request contexts, and against other verifiers. Beside them are requests to the routes of MCP servers
// (routes.go), which run against the filter and the real gateway.
//
// The files in testdata are made by the program in directory generate with the keys of package forge. They are always
// the same bytes (ECDSA signatures by RFC 6979, PSS salts derived from the message), so that a change of a case is seen
// as a change of its line. A test there tells when they are out of date.
package corpus

import (
	"bufio"
	"bytes"
	_ "embed" // for the cases
	"encoding/json"
	"fmt"
	"sync"
	"time"
)

//go:generate go run ./generate

// The verdicts that are no refusal of a request's token.
const (
	// Accepted is the verdict on a token that names a user.
	Accepted = "accepted"
	// NoToken is the verdict on a request without a token.
	NoToken = "token_missing"
)

// Now is the time at which every case is judged.
var Now = time.Unix(1767225600, 0) // 2026-01-01T00:00:00Z

// Users returns the names that every rule knows which has no users of its own (UsersOf).
func Users() []string {
	return []string{
		"alice", "42", "-7", "1.0", "4.2e1", "12345678901234567890", "张三", "Jürgen", "😀", "a.b", "John Doe", "tab\there",
		"nul\x00byte", "al\ufffdice", "null", "https://issuer.test", `quote"back\slash/`, "ali ce", "\u202eecila", " alice", "0",
	}
}

// Case is one token, or one request, and what must come of it.
type Case struct {
	// Name is unique.
	Name string `json:"name"`
	// Class is the row of the list of threats that the case belongs to, or what is to be accepted.
	Class string `json:"class"`
	// Rule is the name of the rule that judges it.
	Rule string `json:"rule"`
	// Token is the token alone.
	Token string `json:"token,omitempty"`
	// Request is a whole HTTP request, instead of Token, for cases about the place of a token.
	Request string `json:"request,omitempty"`
	// Position and TokenName are where the rule looks for the token of a Request.
	Position  string `json:"position,omitempty"`
	TokenName string `json:"token_name,omitempty"`
	// Want is the reason that must come out, or Accepted.
	Want string `json:"want"`
	// User is whom an accepted token names.
	User string `json:"user,omitempty"`
	// Edge marks a case whose verdict turns at Now to the second: it says nothing to a verifier with another clock.
	Edge bool `json:"edge,omitempty"`
}

// BadRule is a configuration that must be refused when it is saved.
type BadRule struct {
	// Name is unique.
	Name string `json:"name"`
	// Config is the rule's "config", as the admin API takes it.
	Config json.RawMessage `json:"config"`
	// Field is the field that the error must name.
	Field string `json:"field"`
	// Hidden is a text that the error must not show.
	Hidden string `json:"hidden,omitempty"`
}

var (
	//go:embed testdata/cases.jsonl
	casesText []byte
	//go:embed testdata/rules.json
	rulesText []byte
	//go:embed testdata/badrules.jsonl
	badRulesText []byte

	load = sync.OnceValue(func() []Case { return lines[Case](casesText) })
)

// Cases returns the cases in the order of the file. The list must not be changed.
func Cases() []Case { return load() }

// BadRules returns the configurations that must be refused.
func BadRules() []BadRule { return lines[BadRule](badRulesText) }

// Rules returns the rules by name, each as the "config" that the admin API takes.
func Rules() map[string]json.RawMessage {
	var rules map[string]json.RawMessage
	if err := json.Unmarshal(rulesText, &rules); err != nil {
		panic(fmt.Errorf("corpus: rules.json: %w", err))
	}
	return rules
}

// lines reads a file with one JSON object a line.
func lines[T any](text []byte) []T {
	var list []T
	scanner := bufio.NewScanner(bytes.NewReader(text))
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		var item T
		if err := json.Unmarshal(scanner.Bytes(), &item); err != nil {
			panic(fmt.Errorf("corpus: line %d: %w", len(list)+1, err))
		}
		list = append(list, item)
	}
	return list
}
