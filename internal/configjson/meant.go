package configjson

import "strings"

// MeantField returns what somebody meant who wrote a name that is no field: the field of another spelling, or a foreign
// table's word for it. The keys of a foreign table are in the form of PlainName. Empty: nobody knows.
func MeantField(name string, fields []string, foreign ...map[string]string) string {
	plain := PlainName(name)
	for _, field := range fields {
		if PlainName(field) == plain {
			return field
		}
	}
	for _, names := range foreign {
		if field, ok := names[plain]; ok {
			return field
		}
	}
	return nearest(plain, fields)
}

// DidYouMean says in words which of the allowed values somebody may have meant. Empty: nobody knows.
func DidYouMean(value string, allowed []string) string {
	if near := MeantField(value, allowed); near != "" {
		return "; did you mean " + near
	}
	return ""
}

// nearest returns the name that differs least from what was written: by one letter, or by two of a long name. Empty: none
// is near.
func nearest(plain string, names []string) string {
	best, found := 3, ""
	for _, name := range names {
		maxDistance := 1
		if min(len(plain), len(name)) > 5 {
			maxDistance = 2
		}
		if d := distance(plain, PlainName(name)); d <= maxDistance && d < best && len(plain) > 2 {
			best, found = d, name
		}
	}
	return found
}

// PlainName returns a name without what people write it with: case, blanks, dashes, underscores, dots.
func PlainName(name string) string {
	return strings.NewReplacer("_", "", "-", "", " ", "", ".", "").Replace(strings.ToLower(name))
}

// distance counts the letters to put in, take out, change or swap with a neighbour to make one name another (optimal string
// alignment). It is 3 for names that are much longer than any field's.
func distance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 3
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, last, row = last, row, before
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return row[len(b)]
}
