package docs

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// page is a Markdown file as far as the tests look at it.
type page struct {
	name     string // relative to the root, with slashes
	after    string // the section that it begins after, as "README.md#run-it"; empty: none
	headings []heading
	tables   [][][]string // rows of cells, the first is the head
	blocks   []block
	links    []string // where links lead, and pictures
}

// heading is a heading's level and the anchor that GitHub gives it.
type heading struct {
	level  int
	anchor string
}

// readPage reads a file below the root.
func readPage(root, name string) (*page, error) {
	source, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	if err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	return parsePage(name, source)
}

// parsePage reads a page's headings, tables and blocks.
func parsePage(name string, source []byte) (*page, error) {
	p := &page{name: name}
	tree := goldmark.New(goldmark.WithExtensions(extension.Table)).Parser().Parse(text.NewReader(source))
	var within []heading // the headings that are open
	err := ast.Walk(tree, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch node := node.(type) {
		case *ast.Heading:
			h := heading{node.Level, anchor(string(node.Lines().Value(source)))}
			within = append(slices.DeleteFunc(within, func(open heading) bool { return open.level >= h.level }), h)
			p.headings = append(p.headings, h)
		case *east.Table:
			p.tables = append(p.tables, readTable(node, source))
		case *ast.Link:
			p.links = append(p.links, string(node.Destination))
		case *ast.Image:
			p.links = append(p.links, string(node.Destination))
		case *ast.HTMLBlock:
			if after, found := directive(node, source)["after"]; found {
				p.after = after
			}
		case *ast.CodeBlock, *ast.FencedCodeBlock:
			b, err := readBlock(node, source)
			if err != nil {
				return ast.WalkStop, fmt.Errorf("%s:%d: %w", name, b.line, err)
			}
			for _, h := range within {
				b.sections = append(b.sections, h.anchor)
			}
			p.blocks = append(p.blocks, b)
		}
		return ast.WalkContinue, nil
	})
	return p, err
}

// section lists the blocks below a heading, those of its own sections too.
func (p *page) section(anchor string) []block {
	var blocks []block
	for _, b := range p.blocks {
		if slices.Contains(b.sections, anchor) {
			blocks = append(blocks, b)
		}
	}
	return blocks
}

// readTable reads the cells of a table, as they are written.
func readTable(table ast.Node, source []byte) [][]string {
	var rows [][]string
	for row := table.FirstChild(); row != nil; row = row.NextSibling() {
		var cells []string
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			cells = append(cells, string(cell.Lines().Value(source)))
		}
		rows = append(rows, cells)
	}
	return rows
}

// anchor returns the anchor that GitHub makes of a heading.
func anchor(heading string) string {
	var b strings.Builder
	for _, c := range strings.ToLower(heading) {
		switch {
		case c == ' ':
			b.WriteByte('-')
		case c == '-' || c == '_' || unicode.IsLetter(c) || unicode.IsDigit(c):
			b.WriteRune(c)
		}
	}
	return b.String()
}

var comment = regexp.MustCompile(`(?s)<!--\s*(.*?)\s*-->`)

// directive reads what HTML comments say: "stays: TEXT" is "stays" → "TEXT".
func directive(node ast.Node, source []byte) map[string]string {
	said := map[string]string{}
	html, ok := node.(*ast.HTMLBlock)
	if !ok {
		return said
	}
	all := string(html.Lines().Value(source))
	if html.HasClosure() {
		all += string(html.ClosureLine.Value(source))
	}
	for _, match := range comment.FindAllStringSubmatch(all, -1) {
		name, value, _ := strings.Cut(match[1], ":")
		said[strings.TrimSpace(name)] = strings.Join(strings.Fields(value), " ")
	}
	return said
}
