package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/printer"
	"go/token"
	"slices"
	"strings"
)

// source is a Go file that is being edited. Places are found in its syntax tree;
// the text between them stays as it is.
type source struct {
	text    []byte
	set     *token.FileSet
	file    *ast.File
	changes []change
}

// change replaces the bytes from start to end.
type change struct {
	start, end int
	with       string
}

// parse reads a Go file.
func parse(name string, text []byte) (*source, error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, text, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	return &source{text: text, set: set, file: file}, nil
}

// function finds a function by its name, or a method by "Type.name".
func (s *source) function(name string) (*ast.FuncDecl, error) {
	for _, d := range s.file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil && receiver(f)+f.Name.Name == name {
			return f, nil
		}
	}
	return nil, fmt.Errorf("there is no function %s", name)
}

// receiver returns the type of a method's receiver with a dot behind it.
func receiver(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return ""
	}
	t := f.Recv.List[0].Type
	if pointer, ok := t.(*ast.StarExpr); ok {
		t = pointer.X
	}
	if name, ok := t.(*ast.Ident); ok {
		return name.Name + "."
	}
	return ""
}

// statement finds the one statement of the function's outermost block for which
// is reports true.
func (s *source) statement(f *ast.FuncDecl, what string, is func(ast.Stmt) bool) (ast.Stmt, error) {
	return only(f, f.Body.List, what, is)
}

// nested finds the one statement of the function, in whatever block, for which is
// reports true.
func (s *source) nested(f *ast.FuncDecl, what string, is func(ast.Stmt) bool) (ast.Stmt, error) {
	var all []ast.Stmt
	ast.Inspect(f.Body, func(n ast.Node) bool {
		if statement, ok := n.(ast.Stmt); ok {
			all = append(all, statement)
		}
		return true
	})
	return only(f, all, what, is)
}

// only finds the one of a function's statements for which is reports true.
func only(f *ast.FuncDecl, statements []ast.Stmt, what string, is func(ast.Stmt) bool) (ast.Stmt, error) {
	var found ast.Stmt
	for _, statement := range statements {
		if !is(statement) {
			continue
		}
		if found != nil {
			return nil, fmt.Errorf("%s has more than one %s", f.Name.Name, what)
		}
		found = statement
	}
	if found == nil {
		return nil, fmt.Errorf("%s has no %s", f.Name.Name, what)
	}
	return found, nil
}

// print returns the node's code on one line.
func (s *source) print(n ast.Node) string {
	var b bytes.Buffer
	if err := printer.Fprint(&b, s.set, n); err != nil {
		return ""
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// remove takes the node out.
func (s *source) remove(n ast.Node) { s.replace(n.Pos(), n.End(), "") }

// replace puts the text between two places.
func (s *source) replace(from, to token.Pos, with string) {
	s.changes = append(s.changes, change{s.set.Position(from).Offset, s.set.Position(to).Offset, with})
}

// begin puts statements at the beginning of the function.
func (s *source) begin(f *ast.FuncDecl, statements string) {
	at := f.Body.Lbrace + 1
	s.replace(at, at, "\n"+statements)
}

// end puts declarations at the end of the file.
func (s *source) end(declarations string) {
	s.changes = append(s.changes, change{len(s.text), len(s.text), "\n" + declarations})
}

// notice stands at the head of an edited file, as the host's licence wants it
// (Apache License 2.0, section 4b).
const notice = "// This file was changed when apinto-jwt was built: %s. See tools/host.\n\n"

// render returns the edited text.
func (s *source) render(names []string) ([]byte, error) {
	slices.SortStableFunc(s.changes, func(a, b change) int { return a.start - b.start })
	out := fmt.Appendf(nil, notice, strings.Join(names, ", "))
	at := 0
	for _, c := range s.changes {
		if c.start < at {
			return nil, fmt.Errorf("%s: two edits change the same place", s.set.Position(s.file.Pos()).Filename)
		}
		out = append(append(out, s.text[at:c.start]...), c.with...)
		at = c.end
	}
	return format.Source(append(out, s.text[at:]...))
}
