package docs

import (
	"regexp"
	"strings"
)

// shows reports whether what a page shows was printed: its lines, one after another. "…" stands for any text of a line,
// and a line of it alone for any lines. What was printed before and after need not be shown.
func shows(page, printed string) bool {
	var pattern strings.Builder
	pattern.WriteString(`(?m)`)
	for line := range strings.Lines(strings.TrimSpace(page) + "\n") {
		line = strings.TrimSpace(line)
		if line == "…" {
			pattern.WriteString(`(?:.*\n)*?`)
			continue
		}
		pattern.WriteString(`^[ \t]*`)
		for i, part := range strings.Split(line, "…") {
			if i > 0 {
				pattern.WriteString(`.*?`)
			}
			pattern.WriteString(regexp.QuoteMeta(part))
		}
		pattern.WriteString(`[ \t]*\n`)
	}
	printed = strings.ReplaceAll(printed, "\r", "")
	if !strings.HasSuffix(printed, "\n") {
		printed += "\n"
	}
	return regexp.MustCompile(pattern.String()).MatchString(printed)
}
