package docs

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"apinto-jwt/jwttest/redis"
)

// root is the main module's directory.
var root = filepath.Join("..", "..")

// names lists the pages whose commands are run.
func names(t *testing.T) []string {
	t.Helper()
	list := []string{"README.md", "README.zh-CN.md"}
	found, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil || len(found) == 0 {
		t.Fatalf("no pages in docs: %v", err)
	}
	for _, path := range found {
		list = append(list, "docs/"+filepath.Base(path))
	}
	return list
}

// Every block of every page is run, compared with what was printed, or says why not. A Chinese page has its twin's blocks,
// which TestTwin sees to.
func TestPages(t *testing.T) {
	built := t.TempDir()
	for _, name := range names(t) {
		t.Run(name, func(t *testing.T) {
			p, err := readPage(root, name)
			if err != nil {
				t.Fatal(err)
			}
			list(t, p)
			if p.runs() && !strings.HasSuffix(name, ".zh-CN.md") {
				run(t, p, built)
			}
		})
	}
}

// list says what is not run, and why.
func list(t *testing.T, p *page) {
	t.Helper()
	for _, b := range p.blocks {
		if b.kind == unrun {
			t.Logf("%s:%d: not run: %s", p.name, b.line, b.reason)
		}
		for _, line := range b.leftOut {
			t.Logf("%s:%d: not run: %s: %s", p.name, b.line, line, b.reason)
		}
	}
}

// runs reports whether there is something on the page that is run.
func (p *page) runs() bool {
	for _, b := range p.blocks {
		if b.kind == commands || b.kind == resource {
			return true
		}
	}
	return false
}

// run runs a page from its top, and leaves what it has built to the next.
func run(t *testing.T, p *page, built string) {
	t.Helper()
	r, err := newRunner(root, built, workDir(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(r.shell.close(), copyTree(filepath.Join(r.tree, "bin"), built)); err != nil {
			t.Error(err)
		}
	})
	blocks, err := beforehand(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range append(blocks, located{p.name, p.blocks}) {
		for _, one := range b.blocks {
			if strings.Contains(one.text, "redis-server") && one.kind == commands {
				needRedis(t)
			}
			if err := r.run(t.Context(), one); err != nil {
				t.Fatalf("%s:%d: %v", b.page, one.line, err)
			}
		}
	}
}

// located are blocks of a page.
type located struct {
	page   string
	blocks []block
}

// beforehand lists the blocks that a page begins after, and those that these begin after.
func beforehand(p *page) ([]located, error) {
	if p.after == "" {
		return nil, nil
	}
	name, section, _ := strings.Cut(p.after, "#")
	other, err := readPage(root, name)
	if err != nil {
		return nil, err
	}
	blocks := other.section(section)
	if len(blocks) == 0 {
		return nil, fmt.Errorf("%s begins after %s, which has no blocks", p.name, p.after)
	}
	before, err := beforehand(other)
	return append(before, located{name, blocks}), err
}

// needRedis installs Redis, if it is not there and may be.
func needRedis(t *testing.T) {
	t.Helper()
	if _, err := redis.Path(); err != nil {
		t.Fatal(err)
	}
}

// workDir returns a directory with a short path: the gateway's sockets are in it.
func workDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "docs-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}
