package keys

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// What compares MACs must take the same time wherever they differ (CVE-2016-7037). No verdict shows that, so the
// source is looked at: bytes.Equal and its like are not used in the packages that see MACs, and VerifyMAC uses
// hmac.Equal.
func TestMACsAreComparedInConstantTime(t *testing.T) {
	for _, directory := range []string{".", "../token"} {
		files, err := filepath.Glob(filepath.Join(directory, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatal(directory, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			calls := callsIn(tree)
			for _, call := range []string{"bytes.Equal", "bytes.Compare", "reflect.DeepEqual", "slices.Equal", "slices.Compare"} {
				if calls[call] {
					t.Errorf("%s calls %s", file, call)
				}
			}
			if filepath.Base(file) == "mac.go" && !calls["hmac.Equal"] {
				t.Errorf("%s does not call hmac.Equal", file)
			}
		}
	}
}

// callsIn returns the functions of other packages that a file calls.
func callsIn(tree *ast.File) map[string]bool {
	calls := make(map[string]bool)
	ast.Inspect(tree, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if function, ok := call.Fun.(*ast.SelectorExpr); ok {
				if pkg, ok := function.X.(*ast.Ident); ok {
					calls[pkg.Name+"."+function.Sel.Name] = true
				}
			}
		}
		return true
	})
	return calls
}
