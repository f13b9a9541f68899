package configjson

import (
	"strings"

	"apinto-jwt/internal/printable"
)

// UnknownFields sorts names that are no fields. One that somebody must have meant otherwise is refused. Any other is a
// warning, as interfaces may send fields of their own.
type UnknownFields struct {
	Refused  *FieldErrors
	Warnings *[]string
}

// Add takes the names that were found in an object with these fields. The path is the object's; empty: the outermost.
// The foreign tables are as MeantField takes them.
func (u UnknownFields) Add(path string, names, fields []string, foreign ...map[string]string) {
	for _, name := range names {
		full := printable.Text(strings.TrimPrefix(path+"."+name, "."))
		if field := MeantField(name, fields, foreign...); field != "" {
			u.Refused.Add(full, "is not a field of this driver: write %s", field)
		} else {
			*u.Warnings = append(*u.Warnings, full+": is not a field of this driver and is ignored")
		}
	}
}
