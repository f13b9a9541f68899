package diskcache

import (
	"encoding/json"
	"strings"
	"testing"
)

// Sets before the latest are left out if the file would be too long to be read.
func TestFileThatWouldBeTooLong(t *testing.T) {
	long := earlier{JWKS: []byte(`"` + strings.Repeat("x", MaxSize/3) + `"`)}
	r := record{JWKS: long.JWKS, Earlier: []earlier{long, long, long}}
	text, err := r.text()
	if err != nil || len(text) > MaxSize || len(text) < MaxSize/2 {
		t.Errorf("%d bytes, %v", len(text), err)
	}
	var read record
	if err := json.Unmarshal(text, &read); err != nil || len(read.Earlier) != 1 || read.SHA256 != read.digest() {
		t.Errorf("%d sets before, %v", len(read.Earlier), err)
	}
}
