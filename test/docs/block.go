package docs

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// kind says what is done with a block.
type kind int

// What is done with a block.
const (
	commands kind = iota // run
	resource             // JSON that is posted to the admin API
	output               // compared with what the block before it printed
	picture              // nothing: it is drawn
	unrun                // nothing: it says why
)

// block is a block of code on a page.
type block struct {
	line     int // of its first line, from 1
	kind     kind
	text     string
	reason   string   // why it is not run, or some of it
	leftOut  []string // the lines that are not run
	sections []string // anchors of the headings above it

	stays   string // what it prints when it is ready, if it runs on; empty: it ends
	status  int    // its last command's exit status
	answers []int  // statuses of its last requests; all others are below 400
}

// readBlock reads a block and what is said before it.
func readBlock(node ast.Node, source []byte) (block, error) {
	b := block{text: string(node.Lines().Value(source)), line: 1}
	if node.Lines().Len() > 0 {
		b.line += strings.Count(string(source[:node.Lines().At(0).Start]), "\n")
	}
	said := map[string]string{}
	for before := node.PreviousSibling(); before != nil && before.Kind() == ast.KindHTMLBlock; before = before.PreviousSibling() {
		maps.Copy(said, directive(before, source))
	}
	language := ""
	if fenced, ok := node.(*ast.FencedCodeBlock); ok {
		language = string(fenced.Language(source))
		if fenced.Info == nil {
			language = "unmarked"
		}
	}
	for _, name := range slices.Sorted(maps.Keys(said)) {
		if err := b.obey(name, said[name]); err != nil {
			return b, err
		}
	}
	return b, b.setKind(language)
}

// obey does what a comment before the block says. Comments that say nothing of blocks are for people.
func (b *block) obey(name, value string) (err error) {
	switch {
	case name == "not run":
		b.kind, b.reason = unrun, value
	case strings.HasPrefix(name, "not run, "):
		err = b.leaveOut(strings.TrimPrefix(name, "not run, "), value)
	case name == "output":
		b.kind = output
	case name == "stays":
		b.stays = value
	case name == "fails":
		b.status, err = strconv.Atoi(value)
	case name == "answers":
		for _, field := range strings.Fields(value) {
			status, convErr := strconv.Atoi(field)
			if convErr != nil {
				err = convErr
			}
			b.answers = append(b.answers, status)
		}
	}
	if strings.HasPrefix(name, "not run") && value == "" {
		return fmt.Errorf("%q gives no reason", name)
	}
	return err
}

// leaveOut takes the lines out that begin with a command.
func (b *block) leaveOut(command, reason string) error {
	var rest []string
	for line := range strings.Lines(b.text) {
		if strings.HasPrefix(line, command) {
			b.leftOut = append(b.leftOut, strings.TrimSpace(line))
			line = "\n" // what follows keeps its number
		}
		rest = append(rest, line)
	}
	if len(b.leftOut) == 0 {
		return fmt.Errorf("no line begins with %q", command)
	}
	b.text, b.reason = strings.Join(rest, ""), reason
	return nil
}

// setKind decides what is done with a block that no comment has decided on.
func (b *block) setKind(language string) error {
	if b.kind != commands {
		return nil
	}
	switch language {
	case "", "sh", "shell", "bash", "console":
	case "json":
		b.kind = resource
	case "mermaid":
		b.kind = picture
	default:
		return fmt.Errorf("a block of the language %q is neither run nor marked <!-- output --> or <!-- not run: REASON -->", language)
	}
	return nil
}

// repeatable are commands that change nothing: a reader may give them again.
var repeatable = regexp.MustCompile(`^(curl|[A-Z]+=\$\(bin/jwtctl sign|bin/jwtctl (sign|verify|inspect)) `)

// changing are the flags with which curl changes something.
var changing = regexp.MustCompile(` (-d|--data|-X|-u|-F)`)

// repeats reports whether all that the block does may be done again.
func (b *block) repeats() bool {
	for line := range strings.Lines(strings.ReplaceAll(b.text, "\\\n", " ")) {
		line = strings.TrimSpace(line)
		if line != "" && line[0] != '#' && (!repeatable.MatchString(line) || changing.MatchString(line)) {
			return false
		}
	}
	return b.stays == ""
}
