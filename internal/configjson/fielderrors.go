package configjson

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
)

// FieldErrors lists the faults of a configuration, each with its field's path.
type FieldErrors []string

// Add notes a fault of the field at a path, as "config.secret". Format and arguments must not show secrets.
func (f *FieldErrors) Add(path, format string, args ...any) {
	*f = append(*f, path+": "+fmt.Sprintf(format, args...))
}

// Has reports whether the field at a path has a fault.
func (f *FieldErrors) Has(path string) bool {
	return slices.ContainsFunc(*f, func(fault string) bool { return strings.HasPrefix(fault, path+": ") })
}

// Err returns all faults, sorted, as one error that wraps the kind. It is nil if there are none.
func (f *FieldErrors) Err(kind error) error {
	if len(*f) == 0 {
		return nil
	}
	sort.Strings(*f)
	return &listError{kind, *f}
}

// Faults returns the items that an error of Err lists, or else the error's text.
func Faults(err error) []string {
	var list *listError
	if errors.As(err, &list) {
		return list.faults
	}
	return []string{err.Error()}
}

// listError is an error of a kind with its faults.
type listError struct {
	kind   error
	faults []string
}

// Error lists the faults.
func (e *listError) Error() string { return e.kind.Error() + ": " + strings.Join(e.faults, "; ") }

// Unwrap makes it one of its kind.
func (e *listError) Unwrap() error { return e.kind }
