package docs

import (
	"reflect"
	"strings"
	"testing"
)

// parse reads a page that is written in a test.
func parse(t *testing.T, lines ...string) *page {
	t.Helper()
	p, err := parsePage("page.md", []byte(strings.Join(lines, "\n")+"\n"))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestBlocks(t *testing.T) {
	for _, test := range []struct {
		name string
		page []string
		want block
	}{
		{"indented", []string{"text", "", "    make build"}, block{line: 3, text: "make build\n"}},
		{"in a list", []string{"1. text", "", "       make build", "       make run"}, block{line: 3, text: "make build\nmake run\n"}},
		{"fenced", []string{"```sh", "make build", "```"}, block{line: 2, text: "make build\n"}},
		{"JSON", []string{"```json", "{}", "```"}, block{line: 2, kind: resource, text: "{}\n"}},
		{"a picture", []string{"```mermaid", "a", "```"}, block{line: 2, kind: picture, text: "a\n"}},
		{
			"output",
			[]string{"<!-- output -->", "", "```text", "a", "```"},
			block{line: 4, kind: output, text: "a\n"},
		},
		{
			"not run",
			[]string{"<!-- not run: it takes", "hours -->", "", "    make bench"},
			block{line: 4, kind: unrun, text: "make bench\n", reason: "it takes hours"},
		},
		{
			"not run in part",
			[]string{"<!-- not run, make test: this is it -->", "", "    make demo", "    make test # all"},
			block{line: 3, text: "make demo\n\n", reason: "this is it", leftOut: []string{"make test # all"}},
		},
		{
			"two comments",
			[]string{"<!-- fails: 1 -->", "", "<!-- answers: 401 403 -->", "", "    false"},
			block{line: 5, text: "false\n", status: 1, answers: []int{401, 403}},
		},
		{"a comment further up", []string{"<!-- output -->", "", "text", "", "    ls"}, block{line: 5, text: "ls\n"}},
		{"runs on", []string{"<!-- stays: it is ready -->", "    ls"}, block{line: 2, text: "ls\n", stays: "it is ready"}},
		{"a comment for people", []string{"<!-- TODO: more -->", "    ls"}, block{line: 2, text: "ls\n"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := parse(t, test.page...)
			if len(p.blocks) != 1 || !reflect.DeepEqual(p.blocks[0], test.want) {
				t.Errorf("got %+v, want %+v", p.blocks, test.want)
			}
		})
	}
}

// A block that is neither run nor says why is an error, with its line.
func TestUnmarkedBlocks(t *testing.T) {
	for name, lines := range map[string][]string{
		"another language": {"```yaml", "a: b", "```"},
		"no language":      {"```", "a picture", "```"},
		"no reason":        {"<!-- not run -->", "    make bench"},
		"no such line":     {"<!-- not run, make test: reason -->", "    make bench"},
		"no status":        {"<!-- answers: no -->", "    curl http://127.0.0.1:8099/"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parsePage("page.md", []byte(strings.Join(lines, "\n")+"\n"))
			if err == nil || !strings.Contains(err.Error(), "page.md:2: ") {
				t.Errorf("got error %v", err)
			}
		})
	}
}

func TestSections(t *testing.T) {
	p := parse(t, "<!-- after: README.md#run-it -->", "# Page", "## Run it, `now`!", "    a", "### More", "    b", "## 运行 x", "    c")
	if p.after != "README.md#run-it" {
		t.Errorf("begins after %q", p.after)
	}
	want := []heading{{1, "page"}, {2, "run-it-now"}, {3, "more"}, {2, "运行-x"}}
	if !reflect.DeepEqual(p.headings, want) {
		t.Errorf("got headings %v, want %v", p.headings, want)
	}
	for anchor, texts := range map[string]string{"page": "a\nb\nc\n", "run-it-now": "a\nb\n", "more": "b\n", "运行-x": "c\n", "none": ""} {
		got := ""
		for _, b := range p.section(anchor) {
			got += b.text
		}
		if got != texts {
			t.Errorf("%s: got %q, want %q", anchor, got, texts)
		}
	}
}

func TestTables(t *testing.T) {
	p := parse(t, "| a | b |", "|---|---|", "| `c` | d |", "", "text")
	want := [][][]string{{{"a", "b"}, {"`c`", "d"}}}
	if !reflect.DeepEqual(p.tables, want) {
		t.Errorf("got %q, want %q", p.tables, want)
	}
}

func TestRepeats(t *testing.T) {
	for text, want := range map[string]bool{
		"curl -i http://127.0.0.1/":                               true,
		"# again\ncurl http://127.0.0.1/ \\\n  -H 'A: b'":         true,
		"TOKEN=$(bin/jwtctl sign --alg HS256)\ncurl http://a/":    true,
		"curl http://127.0.0.1/ -d a=b":                           false,
		"curl http://127.0.0.1/ \\\n  -d a=b":                     false,
		"curl -X DELETE http://127.0.0.1/":                        false,
		"curl http://127.0.0.1/\nbin/jwtctl revoke --jti 1":       false,
		"SESSION=$(curl http://127.0.0.1/oauth/token -d a=b)\nls": false,
	} {
		b := block{text: text}
		if got := b.repeats(); got != want {
			t.Errorf("%q: got %t, want %t", text, got, want)
		}
	}
}
