package docs

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A Chinese page says what its English twin says: it has the same headings, tables, commands and links.
func TestTwin(t *testing.T) {
	twins := 0
	for _, name := range names(t) {
		twin, chinese := strings.CutSuffix(name, ".zh-CN.md")
		if !chinese {
			continue
		}
		twins++
		a, err := readPage(root, twin+".md")
		if err != nil {
			t.Fatal(err)
		}
		b, err := readPage(root, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, difference := range differences(a, b) {
			t.Error(difference)
		}
	}
	if twins < 2 {
		t.Errorf("%d Chinese pages", twins)
	}
}

// differences lists what one page has and the other has not.
func differences(a, b *page) []string {
	var list []string
	compare := func(what string, of func(*page) []string) {
		left, right := of(a), of(b)
		for i := range max(len(left), len(right)) {
			if i >= len(left) || i >= len(right) || left[i] != right[i] {
				list = append(list, what+": "+item(left, i)+" in "+a.name+", "+item(right, i)+" in "+b.name)
				return
			}
		}
	}
	compare("levels of headings", levels)
	compare("rows of tables", tableRows)
	compare("blocks", blockTexts)
	compare("pages and pictures in links", links)
	return list
}

func item(list []string, i int) string {
	if i < len(list) {
		return "“" + list[i] + "”"
	}
	return "nothing"
}

func levels(p *page) []string {
	var list []string
	for _, h := range p.headings {
		list = append(list, strings.Repeat("#", h.level))
	}
	return list
}

var code = regexp.MustCompile("`[^`]+`")

// commas are written in another way in Chinese.
var commas = strings.NewReplacer("，", ",", "、", ",", " ", "")

// figures are numbers that stand for themselves in any language.
var figures = regexp.MustCompile(`^[–\d.,× µnskMiB]+$`)

// tableRows describes each row by its number of cells, and what in it is the same in any language: code in the first cell, and
// figures.
func tableRows(p *page) []string {
	var list []string
	for _, table := range p.tables {
		for i, row := range table {
			text := strings.Join(code.FindAllString(row[0], -1), " ")
			if i > 0 {
				for _, cell := range row[1:] {
					if cell = commas.Replace(cell); !figures.MatchString(cell) {
						cell = "…"
					}
					text += " | " + cell
				}
			}
			list = append(list, text+strings.Repeat(" |", len(row)))
		}
	}
	return list
}

// remark is a comment behind a command: people's language.
var remark = regexp.MustCompile(`(?m)\s+# .*$`)

func blockTexts(p *page) []string {
	var list []string
	for _, b := range p.blocks {
		list = append(list, remark.ReplaceAllString(b.text, ""))
	}
	return list
}

func links(p *page) []string {
	var list []string
	for _, target := range p.links {
		if !strings.HasPrefix(target, "README") { // to one another
			list = append(list, target)
		}
	}
	slices.Sort(list) // a sentence may name them in another order
	return list
}

// A page without one of the things is told from one that has it.
func TestDifferences(t *testing.T) {
	text := []string{"# A", "", "    make build  # builds", "", "| a | b |", "|---|---|", "| `c` | 42 µs |", "", "[x](docs/x.md)"}
	english := parse(t, text...)
	for name, test := range map[string]struct {
		change [2]string
		differ bool
	}{
		"the same":            {[2]string{"", ""}, false},
		"another language":    {[2]string{"# builds", "# 编译"}, false},
		"another heading":     {[2]string{"# A", "## 甲"}, true},
		"another command":     {[2]string{"make build", "make"}, true},
		"another field":       {[2]string{"`c`", "`d`"}, true},
		"another figure":      {[2]string{"42", "43"}, true},
		"no row":              {[2]string{"| `c` | 42 µs |", ""}, true},
		"another page linked": {[2]string{"docs/x.md", "docs/y.md"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			other := strings.Replace(strings.Join(text, "\n"), test.change[0], test.change[1], 1)
			got := differences(english, parse(t, strings.Split(other, "\n")...))
			if (len(got) > 0) != test.differ {
				t.Errorf("got %q", got)
			}
		})
	}
}
