package diff

import (
	"strings"
	"sync"
	"testing"

	"apinto-jwt/test/corpus"
)

// rounds is how many mutations of each kind a good token gets.
const rounds = 3

var run = sync.OnceValues(func() ([]Answer, error) { return Run(rounds) })

func answers(t *testing.T) []Answer {
	t.Helper()
	list, err := run()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// If another verifier answers otherwise, it is for a fault of its own that is known by name.
func TestEveryDisagreementIsExplained(t *testing.T) {
	asked, unexplained := make(map[string]int), 0
	for _, a := range answers(t) {
		asked[a.Who]++
		if a.Agrees() || a.Fault != nil {
			continue
		}
		if unexplained++; unexplained <= 20 {
			t.Error(a.String())
		}
	}
	if unexplained > 0 {
		t.Errorf("%d disagreements without a reason", unexplained)
	}
	for _, who := range all {
		if asked[who] < 3000 {
			t.Errorf("%s was asked %d times", who, asked[who])
		}
	}
	t.Logf("asked %v", asked)
}

// A fault that nobody shows any more is not to be told of.
func TestEveryFaultIsSeen(t *testing.T) {
	type shown struct{ who, name string }
	seen := make(map[shown]int)
	for _, a := range answers(t) {
		if a.Fault != nil {
			seen[shown{a.Who, a.Fault.Name}]++
		}
	}
	for _, f := range Faults() {
		for _, who := range f.Who {
			if seen[shown{who, f.Name}] == 0 {
				t.Errorf("%s never %s", who, f.Name)
			}
		}
	}
}

// Our own answers are those that the corpus wants, also at today's time.
func TestOursAreAsWanted(t *testing.T) {
	for _, a := range answers(t) {
		if a.Mutation != "" {
			continue
		}
		got := "accepted"
		if a.Ours != nil {
			got = a.Ours.Reason.String()
		}
		if got != a.Want && (a.Who == builtin || a.Want[:5] != "user_") {
			t.Errorf("%s: got %s, want %s", a.Name, got, a.Want)
		}
	}
}

// The mutations are the same every time, and some of them are still good tokens.
func TestMutations(t *testing.T) {
	first, again := mutations(1), mutations(1)
	if len(first) != len(again) || len(first) < 1000 {
		t.Fatalf("%d, then %d", len(first), len(again))
	}
	for i := range first {
		if first[i].Token != again[i].Token {
			t.Fatalf("%s is another one the second time", first[i].Name)
		}
	}
	good := 0
	for _, a := range answers(t) {
		if a.Mutation != "" && a.Ours == nil {
			good++
		}
	}
	if good < 300 {
		t.Errorf("%d mutations are accepted", good)
	}
}

// The tables tell of every class and every fault, and the corpus has what the builtin is known for.
func TestMarkdown(t *testing.T) {
	text := Markdown(answers(t))
	for _, c := range corpus.Cases() {
		if !strings.Contains(text, "| "+c.Class+" |") {
			t.Errorf("nothing of class %s", c.Class)
			break
		}
	}
	for _, f := range Faults() {
		if !strings.Contains(text, f.Name) {
			t.Errorf("nothing of %q", f.Name)
		}
	}
	for _, row := range strings.Split(text, "\n") {
		if strings.HasPrefix(row, "| **all** |") {
			t.Log(row)
		}
	}
}
