package main

import (
	"fmt"
	"go/ast"
	"slices"
	"strconv"
)

// errorf returns an error of an edit that does not find what it expects.
func errorf(format string, args ...any) error { return fmt.Errorf(format, args...) }

// addField puts a field at the end of a struct type.
func (s *source) addField(structName, field string) error {
	for _, d := range s.file.Decls {
		declaration, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range declaration.Specs {
			t, ok := spec.(*ast.TypeSpec)
			if !ok || t.Name.Name != structName {
				continue
			}
			if fields, ok := t.Type.(*ast.StructType); ok {
				s.replace(fields.Fields.Closing, fields.Fields.Closing, field)
				return nil
			}
		}
	}
	return fmt.Errorf("there is no struct %s", structName)
}

// addImport imports one more package. Several edits of a file may ask for the same one.
func (s *source) addImport(path string) error {
	line := strconv.Quote(path) + "\n"
	if slices.ContainsFunc(s.changes, func(c change) bool { return c.with == line }) {
		return nil
	}
	if len(s.file.Imports) == 0 {
		return fmt.Errorf("the file imports nothing, and so not beside %s", path)
	}
	at := s.file.Imports[0].Pos()
	s.replace(at, at, line)
	return nil
}

// dropImport takes an import out that nothing uses any more.
func (s *source) dropImport(path string) error {
	for _, spec := range s.file.Imports {
		if spec.Path.Value == strconv.Quote(path) {
			s.remove(spec)
			return nil
		}
	}
	return fmt.Errorf("the file does not import %s", path)
}
