package lint

import (
	"fmt"
	"strings"

	"apinto-jwt/cmd/jwtctl/internal/screen"
)

// Text returns the findings for people. Mark makes a severity stand out; nil: it does not.
func Text(list []Finding, mark func(Severity) string) string {
	var b strings.Builder
	counts := make(map[Severity]int)
	for _, f := range list {
		counts[f.Severity]++
		severity := string(f.Severity)
		if mark != nil {
			severity = mark(f.Severity)
		}
		fmt.Fprintf(&b, "%s %s %s: %s\n", severity, f.ID, screen.OneLine(f.where()), screen.OneLine(f.What))
		fmt.Fprintf(&b, "    %s\n    %s\n", f.Remedy, f.Page)
	}
	for i, severity := range []Severity{Error, Warning, Note} {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s %d", severity, counts[severity])
	}
	b.WriteString("\n")
	return b.String()
}

// where names the place of the finding.
func (f *Finding) where() string {
	parts := []string{f.Object}
	if f.Field != "" {
		parts = append(parts, f.Field)
	}
	if f.Entry != "" {
		parts = append(parts, "("+f.Entry+")")
	}
	return strings.Join(parts, " ")
}
