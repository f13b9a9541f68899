package docs

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func startShell(t *testing.T) (s *shell, directory string) {
	t.Helper()
	directory = t.TempDir()
	s, err := newShell(directory, filepath.Join(t.TempDir(), "state"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.close(); err != nil {
			t.Error(err)
		}
	})
	return s, directory
}

func (s *shell) must(t *testing.T, text string) result {
	t.Helper()
	got, err := s.run(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// Blocks share variables and the directory, and a block ends where a command fails.
func TestShell(t *testing.T) {
	s, directory := startShell(t)
	if got := s.must(t, "NAME='John \"$\" Doe'\nmkdir sub\ncd sub\n"); got.status != 0 {
		t.Fatalf("got %+v", got)
	}
	got := s.must(t, "echo \"$NAME\"\npwd\nsh -c 'exit 3'\necho not reached\n")
	if want := "John \"$\" Doe\n" + filepath.Join(directory, "sub") + "\n"; got.output != want || got.status != 3 {
		t.Errorf("got %+v, want %q", got, want)
	}
	for name, text := range map[string]string{"unknown command": "no-such-command\ntrue\n", "syntax": "if\n", "in a variable": "A=$(false)\ntrue\n"} {
		if got := s.must(t, text); got.status == 0 {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

// curl's exit status is its own; the statuses of the answers are known beside it.
func TestStatuses(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/closed" {
			w.WriteHeader(http.StatusUnauthorized)
		}
		_, _ = w.Write([]byte("answer to " + r.Method))
	}))
	defer server.Close()
	s, _ := startShell(t)
	got := s.must(t, "curl "+server.URL+"/\nA=$(curl -d x "+server.URL+"/closed)\necho \" $A\"\n")
	if got.status != 0 || !slices.Equal(got.statuses, []int{200, 401}) || got.output != "answer to GET answer to POST\n" {
		t.Errorf("got %+v", got)
	}
	for _, test := range []struct {
		b  block
		ok bool
	}{
		{block{answers: []int{401}}, true},
		{block{}, false},
		{block{answers: []int{403}}, false},
		{block{answers: []int{200, 200, 401}}, false},
		{block{answers: []int{401}, status: 1}, false},
	} {
		if err := test.b.judge(got); (err == nil) != test.ok {
			t.Errorf("%+v: got error %v", test.b, err)
		}
	}
	server.Close()
	if got := s.must(t, "curl "+server.URL+"/\n"); got.status == 0 {
		t.Errorf("no server: got %+v", got)
	}
}

// What runs on is waited for, and ends with the page.
func TestStays(t *testing.T) {
	s, directory := startShell(t)
	output, err := s.runOn(t.Context(), "trap 'echo over >end; exit' INT\necho ready now\nwhile :; do sleep 0.05; done\n", "ready now")
	if err != nil || !strings.Contains(output, "ready now") {
		t.Fatalf("got %q, error %v", output, err)
	}
	if err := s.close(); err != nil {
		t.Fatal(err)
	}
	if got := read(filepath.Join(directory, "end")); got != "over\n" {
		t.Errorf("at its end it wrote %q", got)
	}
	if _, err := s.runOn(t.Context(), "echo no; false\n", "ready"); err == nil {
		t.Error("a block that ends is taken for one that runs on")
	}
}
