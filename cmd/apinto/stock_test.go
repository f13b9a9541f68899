//go:build !windows

package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/eolinker/eosc"
	hostprofessions "github.com/eolinker/eosc/professions"

	"apinto-jwt/jwttest/must"
)

// The stock gateway's main cannot be imported. These tests read its source in
// the module cache instead, so that a new version of Apinto that adds a driver
// makes them fail until ours has it too.

func stockSource(t *testing.T, file string) *ast.File {
	t.Helper()
	return parse(t, filepath.Join(moduleDir(t, apintoModule), "app", "apinto", file))
}

func moduleDir(t *testing.T, module string) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	must.Succeed(t, err)
	return strings.TrimSpace(string(out))
}

func parse(t *testing.T, path string) *ast.File {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	must.Succeed(t, err)
	return file
}

// wrapped are the functions of ours that register a driver of the host's under
// the host's name, with something round it.
var wrapped = map[string]string{
	"apinto-jwt/drivers/auth/jwt.RegisterApp":         apintoModule + "/drivers/app",
	"apinto-jwt/drivers/plugins/sharedcache.Register": apintoModule + "/drivers/plugins/strategy/cache",
}

// registered lists the import paths of the packages whose Register a file uses,
// or those of the drivers that it wraps.
func registered(t *testing.T, file *ast.File) []string {
	t.Helper()
	imports := map[string]string{}
	for _, spec := range file.Imports {
		path := unquote(t, spec.Path)
		name := filepath.Base(path)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		imports[name] = path
	}
	var paths []string
	ast.Inspect(file, func(node ast.Node) bool {
		selector, ok := node.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		name, ok := selector.X.(*ast.Ident)
		if !ok || imports[name.Name] == "" {
			return true
		}
		if host := wrapped[imports[name.Name]+"."+selector.Sel.Name]; host != "" {
			paths = append(paths, host)
		} else if selector.Sel.Name == "Register" {
			paths = append(paths, imports[name.Name])
		}
		return true
	})
	slices.Sort(paths)
	return paths
}

func unquote(t *testing.T, literal *ast.BasicLit) string {
	t.Helper()
	value, err := strconv.Unquote(literal.Value)
	must.Succeed(t, err)
	return value
}

func TestDriversAreStockAndOurs(t *testing.T) {
	for _, name := range []string{"driver.go", "plugin.go"} {
		ourFile := map[string]string{"driver.go": "drivers.go", "plugin.go": "plugins.go"}[name]
		t.Run(ourFile, func(t *testing.T) {
			stock, ours := registered(t, stockSource(t, name)), registered(t, parse(t, ourFile))
			if len(stock) == 0 {
				t.Fatal("no registration found in the stock source")
			}
			ours = slices.DeleteFunc(ours, func(path string) bool { return strings.HasPrefix(path, "apinto-jwt/") })
			if !slices.Equal(stock, ours) {
				t.Errorf("stock registers\n%s\nand we\n%s", strings.Join(stock, "\n"), strings.Join(ours, "\n"))
			}
		})
	}
}

// Every string of the stock table of professions, in its order, is the same as
// ours: names, labels, dependencies and drivers; but that our router waits for
// more.
func TestProfessionsAreStock(t *testing.T) {
	var stock []string
	ast.Inspect(stockSource(t, "profession.go"), func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.BasicLit:
			stock = append(stock, unquote(t, node))
		}
		return true
	})
	var ours []string
	for _, p := range professions() {
		ours = append(ours, p.Name, p.Label, p.Desc)
		needs := p.Dependencies
		if p.Name == "router" {
			needs = needs[:len(needs)-len(neededByRequests)]
		}
		ours = append(append(ours, needs...), p.AppendLabels...)
		for _, d := range p.Drivers {
			ours = append(ours, d.Id, d.Name, d.Label, d.Desc)
		}
		if p.Mod != eosc.ProfessionConfig_Worker {
			t.Errorf("%s: mod %v", p.Name, p.Mod)
		}
	}
	if !slices.Equal(stock, ours) {
		t.Errorf("stock\n%q\nours\n%q", stock, ours)
	}
}

// In whatever order the host has them, its sorting puts the router last of
// those that a request meets, as workers of it are to be started last.
func TestRouterWaits(t *testing.T) {
	for range 50 {
		configs := professions()
		rand.Shuffle(len(configs), func(i, j int) { configs[i], configs[j] = configs[j], configs[i] })
		host := hostprofessions.NewProfessions(noDrivers{})
		host.Reset(configs)
		position := map[string]int{}
		for n, p := range host.Sort() {
			position[p.Name] = n
		}
		if len(position) != len(configs) {
			t.Fatalf("the host sorts %v", position)
		}
		for _, name := range []string{"service", "template", "transcode", "app", "strategy", "output", "certificate"} {
			if position[name] > position["router"] {
				t.Fatalf("%s is started after the router: %v", name, position)
			}
		}
	}
}

// noDrivers has none: sorting does not ask for them.
type noDrivers struct{}

func (noDrivers) GetDriver(string) (eosc.IExtenderDriverFactory, bool) { return nil, false }
