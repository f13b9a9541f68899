package diskcache

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"apinto-jwt/internal/trustedfile"
	"apinto-jwt/keys"
)

// MaxSize is the longest file that is read, in bytes: a set, written in our way, and what stands round it.
const MaxSize = 2 * keys.MaxJWKSSize

// clockSlack is how far in the future a file may have been written, as clocks are set.
const clockSlack = time.Minute

// parseOptions let all algorithms in, as when the set was fetched.
var parseOptions = keys.JWKSOptions{Allowed: keys.NewAlgorithmSet(keys.Algorithms()...)}

// Entry is one set as it is kept.
type Entry struct {
	// Set is written without its shared secrets.
	Set *keys.Set
	// Issuer of the discovery document that led to the set; empty if there was none.
	Issuer string
	// HTTP is set if only users who allow http may use the set.
	HTTP bool
	// Confirmed is when the set was last fetched or confirmed.
	Confirmed time.Time
}

// File is the last good sets on disk. It has public keys only, and not the document they came in, which may have had others.
// One goroutine uses it.
type File struct {
	path    string
	url     string
	written time.Time // Confirmed of the latest set in the file; zero if not known
}

// New names the file of a configuration; it is not touched. The name is a hash of identity, which stands for all that decides
// whose word is taken: another URL or certificate authority has another file.
func New(dir, url string, identity []byte) *File {
	sum := sha256.Sum256(identity)
	return &File{path: filepath.Join(dir, hex.EncodeToString(sum[:])+".json"), url: url}
}

// Written returns when the latest set in the file was confirmed; zero if the file was neither read nor written.
func (f *File) Written() time.Time { return f.written }

// Load reads the sets, the latest first, however old they are; none if there is no file. Errors wrap ErrFile.
func (f *File) Load(now time.Time) ([]Entry, error) {
	text, err := trustedfile.Read(f.path, MaxSize)
	if err != nil || text == nil {
		return nil, err
	}
	var r record
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if decoder.Decode(&r) != nil || r.Version != recordVersion {
		return nil, fmt.Errorf("%w: it was not written by this version", ErrFile)
	}
	switch {
	case r.SHA256 != r.digest():
		return nil, fmt.Errorf("%w: it is damaged", ErrFile)
	case r.URL != f.url:
		return nil, fmt.Errorf("%w: it is of another URL", ErrFile)
	case now.Sub(r.FetchedAt) < -clockSlack:
		return nil, fmt.Errorf("%w: it is from the future, %s", ErrFile, r.FetchedAt.Format(time.RFC3339))
	}
	var list []Entry
	for _, one := range r.all() {
		set, _, err := keys.ParseJWKS(one.JWKS, parseOptions)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrFile, err)
		}
		list = append(list, Entry{Set: set, Issuer: one.Issuer, HTTP: one.HTTP, Confirmed: one.FetchedAt})
	}
	f.written = r.FetchedAt
	return list, nil
}

// Save writes the sets, the latest first, in one step: a reader sees the old file or the new one. Shared secrets are not written.
// If the latest set has nothing else no older file is left, and the error wraps keys.ErrSecretKey. An error that wraps ErrFile
// tells that what was written will not be believed.
func (f *File) Save(list []Entry) error {
	r := record{Version: recordVersion, URL: f.url}
	for i, e := range list {
		public := withoutSecrets(e.Set)
		set, err := keys.EncodeJWKS(public)
		if err != nil {
			return errors.Join(err, trustedfile.Remove(f.path))
		}
		switch at := e.Confirmed.UTC(); {
		case i > 0 && public.Len() > 0:
			r.Earlier = append(r.Earlier, earlier{Issuer: e.Issuer, HTTP: e.HTTP, FetchedAt: at, JWKS: set})
		case i == 0 && public.Len() == 0 && e.Set.Len() > 0:
			return errors.Join(keys.ErrSecretKey, trustedfile.Remove(f.path))
		case i == 0:
			r.Issuer, r.HTTP, r.FetchedAt, r.JWKS = e.Issuer, e.HTTP, at, set
		}
	}
	return f.write(r)
}

// write writes the record, and judges what it has written.
func (f *File) write(r record) error {
	text, err := r.text()
	if err != nil {
		return err
	}
	err = trustedfile.Write(f.path, text)
	if err == nil || errors.Is(err, ErrFile) {
		f.written = r.FetchedAt
	}
	return err
}

// withoutSecrets returns the set without shared secrets.
func withoutSecrets(set *keys.Set) *keys.Set {
	return keys.NewSet(slices.DeleteFunc(slices.Clone(set.Keys()), func(k *keys.Key) bool { return k.Kind() == keys.KindSecret })...)
}
