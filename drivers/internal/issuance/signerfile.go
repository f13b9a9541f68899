package issuance

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/eolinker/eosc/log"

	"apinto-jwt/internal/printable"
	"apinto-jwt/keys"
	"apinto-jwt/keys/retired"
)

// saveDelay is how long changes of the signing keys are collected before they are written.
const saveDelay = 100 * time.Millisecond

// signerFile keeps the public keys that sign, and have signed, for the next start.
type signerFile struct {
	file     *retired.File
	now      func() time.Time
	mu       sync.Mutex         // Held while the file is read or written.
	pending  *time.Timer        // Next write; nil if none is due. The signers' lock guards it, and fault.
	panicked func(place string) // Counts a panic while the file is written.
	fault    string             // Why there is no file, or why it will not be used; empty if all is well.
}

// RetiredState is what the status page has of keys that signed.
type RetiredState struct {
	Keys      []RetiredKey `json:"keys"`
	DiskError string       `json:"disk_error,omitempty"`
}

// RetiredKey is a key that signs no more.
type RetiredKey struct {
	KeyInfo
	Until time.Time `json:"until"` // End of its last token.
}

// Keep takes the keys that signed before the start from the directory, and keeps those of this process there. It must be called
// before a rule is in force.
func (s *Signers) Keep(dir string, now func() time.Time, panicked func(place string)) {
	file := &signerFile{file: retired.New(dir), now: now, panicked: panicked}
	at := now()
	list, err := file.file.Load(at)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.file = file
	for _, k := range list {
		one := &signingKey{key: k.Key, until: k.Until}
		s.count(one, +1)
		s.retired = append(s.retired, one)
	}
	if err != nil {
		file.fault = "was not used at the start: " + err.Error()
		log.Warnf("[jwt] the file of retired signing keys is not used: %s", err)
	}
}

// changed has the file written soon. The lock is held.
func (s *Signers) changed() {
	if s.file != nil && s.file.pending == nil {
		s.file.pending = time.AfterFunc(saveDelay, s.save)
	}
}

// save writes the keys to the file.
func (s *Signers) save() {
	f := s.file
	defer func() { // the next change has it done again
		if p := recover(); p != nil {
			f.panicked("keeping the public keys of signers on disk")
		}
	}()
	f.mu.Lock()
	defer f.mu.Unlock()
	at := f.now()
	s.mu.Lock()
	f.pending = nil
	list := s.kept(at)
	s.mu.Unlock()
	fault := ""
	switch err := f.file.Save(list, at); {
	case errors.Is(err, retired.ErrFile):
		fault = fmt.Sprintf("will not be used at the next start: %s", err)
	case err != nil:
		fault = fmt.Sprintf("cannot be written: %s", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if fault != "" && fault != f.fault {
		log.Warnf("[jwt] the file of retired signing keys %s", fault)
	}
	f.fault = fault
}

// kept lists the public keys that sign and those that signed and have good tokens. The lock is held.
func (s *Signers) kept(now time.Time) (list []retired.Key) {
	for _, one := range s.signing {
		if one.public() {
			list = append(list, retired.Key{Key: one.key, Lifetime: one.life})
		}
	}
	for _, one := range s.lentKeys() {
		list = append(list, retired.Key{Key: one.key, Lifetime: one.life})
	}
	for _, one := range s.retired {
		if one.public() && one.until.After(now) {
			list = append(list, retired.Key{Key: one.key, Until: one.until})
		}
	}
	return list
}

// RetiredState lists the public keys that signed and have good tokens, the one that ends first in front.
func (s *Signers) RetiredState(now time.Time) RetiredState {
	s.mu.Lock()
	defer s.mu.Unlock()
	state := RetiredState{Keys: []RetiredKey{}}
	if s.file != nil {
		state.DiskError = s.file.fault
	}
	for _, one := range s.retired {
		if one.public() && one.until.After(now) {
			state.Keys = append(state.Keys, RetiredKey{newKeyInfo(one.key), one.until.UTC()})
		}
	}
	slices.SortStableFunc(state.Keys, func(a, b RetiredKey) int { return cmp.Or(a.Until.Compare(b.Until), cmp.Compare(a.ID, b.ID)) })
	return state
}

// KeyInfo is a public key as the status page shows it.
type KeyInfo struct {
	ID         string           `json:"kid,omitempty"`
	Algorithms []keys.Algorithm `json:"algorithms"`
	Thumbprint string           `json:"thumbprint,omitempty"`
}

// newKeyInfo returns a public key as it is shown.
func newKeyInfo(k *keys.Key) KeyInfo {
	return KeyInfo{ID: printable.Text(k.ID()), Algorithms: k.Algorithms().List(), Thumbprint: k.JWKThumbprint()}
}
