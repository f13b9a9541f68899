package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// edit is one change of one file of the host.
type edit struct {
	name    string // in "apinto version", logs and documentation
	module  string // path of the module
	version string // version that the edit was made for
	file    string // path in the module, with slashes
	sum     string // SHA-256 of the file as it is in the module, hexadecimal
	what    string // what the edit does, in one sentence
	why     string // what goes wrong without it
	brings  string // what was measured, or the fault that it closes
	// change edits the file's source. An error says what was not found.
	change func(*source) error
}

// check returns an error unless the edit was made for the text.
func (e edit) check(text []byte) error {
	sum := sha256.Sum256(text)
	if got := hex.EncodeToString(sum[:]); got != e.sum {
		return fmt.Errorf("edit %s: %s of %s %s is not the file that the edit was made for (SHA-256 %s, wanted %s); "+
			"look at the change, correct the edit in tools/host, or build with HOST=stock",
			e.name, e.file, e.module, e.version, got, e.sum)
	}
	return nil
}

// apply returns the file's text with the edits, in their order, made to it. All
// must be edits of the same file.
func apply(text []byte, edits []edit) ([]byte, error) {
	s, err := parse(edits[0].file, text)
	if err != nil {
		return nil, err
	}
	for _, e := range edits {
		if err := e.check(text); err != nil {
			return nil, err
		}
		if err := e.change(s); err != nil {
			return nil, fmt.Errorf("edit %s: %s: %w", e.name, e.file, err)
		}
	}
	return s.render(editNames(edits))
}
