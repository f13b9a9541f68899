package docs

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A link to a file or to a section leads to one that is there.
func TestLinks(t *testing.T) {
	pages := append(names(t), "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "bench/README.md")
	for _, name := range pages {
		p, err := readPage(root, name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, link := range p.links {
			file, anchor, _ := strings.Cut(link, "#")
			if strings.Contains(link, ":") { // elsewhere
				continue
			}
			target := path.Join(path.Dir(name), file)
			if file == "" {
				target = name
			}
			if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(target))); err != nil {
				t.Errorf("%s: the link %s leads nowhere", name, link)
				continue
			}
			if anchor == "" || !strings.HasSuffix(target, ".md") {
				continue
			}
			other, err := readPage(root, target)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(other.headings, func(h heading) bool { return h.anchor == anchor }) {
				t.Errorf("%s: the link %s leads to no section", name, link)
			}
		}
	}
}
