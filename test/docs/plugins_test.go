package docs

import (
	"strings"
	"testing"
)

// The list of plugins is saved as a whole. A page that goes on where the README ends keeps its "app" in the list: without it
// the routes that the reader has made before would be open.
func TestPluginLists(t *testing.T) {
	lists := 0
	for _, name := range names(t) {
		p, err := readPage(root, name)
		if err != nil {
			t.Fatal(err)
		}
		for i := range p.blocks {
			for command := range strings.SplitSeq(p.blocks[i].text, "curl ") {
				if !strings.Contains(command, "/setting/plugin") || !strings.Contains(command, `"plugins":[`) {
					continue
				}
				lists++
				if !strings.Contains(command, "eolinker.com:apinto:plugin_app") {
					t.Errorf("%s, line %d: the list of plugins has no app:\n%s", name, p.blocks[i].line, command)
				}
			}
		}
	}
	if lists < 7 {
		t.Errorf("%d lists", lists)
	}
}
