package explain

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// differ says in words how little two texts differ; empty if they differ by more than a slip.
func differ(found, wanted string) string {
	switch {
	case found == "" || wanted == "" || found == wanted:
		return ""
	case strings.TrimSpace(found) == strings.TrimSpace(wanted):
		return "blanks round it"
	case strings.TrimSuffix(found, "/") == strings.TrimSuffix(wanted, "/"):
		return "a slash at the end"
	case strings.EqualFold(found, wanted):
		return "upper and lower case"
	case withoutScheme(found) == withoutScheme(wanted):
		return "http and https"
	case plainly(found) == plainly(wanted):
		return "its spelling (scheme, case, a slash at the end)"
	}
	if n := distance(found, wanted); n <= slips(wanted) {
		if n == 1 {
			return "one character"
		}
		return fmt.Sprintf("%d characters", n)
	}
	return ""
}

// slips is how many characters of a text may be mistyped and the text is still known.
func slips(text string) int {
	switch n := utf8.RuneCountInString(text); {
	case n < 4:
		return 0
	case n < 8:
		return 1
	}
	return 2
}

func withoutScheme(text string) string {
	if rest, ok := strings.CutPrefix(text, "https://"); ok {
		return rest
	}
	return strings.TrimPrefix(text, "http://")
}

// plainly is a text without all that people overlook.
func plainly(text string) string {
	return strings.TrimSuffix(withoutScheme(strings.ToLower(strings.TrimSpace(text))), "/")
}

// compared is the longest text that is compared by its characters, in bytes.
const compared = 256

// distance is how many characters must be changed, added or left out to make one text of the other (Levenshtein).
func distance(a, b string) int {
	if len(a) > compared || len(b) > compared {
		return compared
	}
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		before := row[0]
		row[0] = i + 1
		for j := range y {
			cost := before
			if x[i] != y[j] {
				cost++
			}
			before = row[j+1]
			row[j+1] = min(cost, row[j]+1, before+1)
		}
	}
	return row[len(y)]
}

// nearest says how a text differs by a slip from one of the list; empty if it does from none.
func nearest(found string, list []string) string {
	for _, one := range list {
		if how := differ(found, one); how != "" {
			return how
		}
	}
	return ""
}
