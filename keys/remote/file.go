package remote

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"apinto-jwt/keys"
)

// clockSlack is how far in the future a file may have been written, as clocks are set.
const clockSlack = time.Minute

// file is the last good set on disk. Its name is a hash of all that decides whose word is taken, so that another URL or
// certificate authority has another file. It has public keys only, and not the document they came in, which may
// have had others.
type file struct {
	path    string // empty: none
	config  Config
	written time.Time // the time in it
}

// record is the content of a file.
type record struct {
	Version   int             `json:"version"`
	URL       string          `json:"url"`
	Issuer    string          `json:"issuer"` // of the discovery document, empty where there was none
	FetchedAt time.Time       `json:"fetched_at"`
	SHA256    string          `json:"sha256"` // of the record without it
	JWKS      json.RawMessage `json:"jwks"`
}

// digest finds damage; it is no protection against who can write the file.
func (r record) digest() string {
	r.SHA256 = ""
	text, err := json.Marshal(r)
	if err != nil { // only a JWKS that is no JSON, which no file that was read has
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// recordVersion is the version that is written, and the one that is read.
const recordVersion = 1

// newFile names the file of a configuration; it is not touched.
func newFile(dir string, c Config) *file {
	f := &file{config: c}
	if dir != "" {
		trust, err := json.Marshal(c.trust())
		if err != nil { // strings, numbers and booleans can always be written
			panic(err)
		}
		sum := sha256.Sum256(trust)
		f.path = filepath.Join(dir, hex.EncodeToString(sum[:])+".json")
	}
	return f
}

// kept is a set that was on disk.
type kept struct {
	set       *keys.Set
	issuer    string
	fetchedAt time.Time
}

// load reads the set; nil where there is no file. Errors wrap ErrFile or ErrTooOld.
func (f *file) load(now time.Time) (*kept, error) {
	text, err := read(f.path)
	if err != nil || text == nil {
		return nil, err
	}
	var r record
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if decoder.Decode(&r) != nil || r.Version != recordVersion {
		return nil, fmt.Errorf("%w: it was not written by this version", ErrFile)
	}
	switch age := now.Sub(r.FetchedAt); {
	case r.SHA256 != r.digest():
		return nil, fmt.Errorf("%w: it is damaged", ErrFile)
	case r.URL != f.config.URL:
		return nil, fmt.Errorf("%w: it is of another URL", ErrFile)
	case age < -clockSlack:
		return nil, fmt.Errorf("%w: it is from the future, %s", ErrFile, r.FetchedAt.Format(time.RFC3339))
	case age >= f.config.MaxStale:
		return nil, fmt.Errorf("the file of %s %w", r.FetchedAt.Format(time.RFC3339), ErrTooOld)
	}
	set, _, err := keys.ParseJWKS(r.JWKS, parseOptions)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFile, err)
	}
	f.written = r.FetchedAt
	return &kept{set: set, issuer: r.Issuer, fetchedAt: r.FetchedAt}, nil
}

// save writes the set in one step: a reader sees the old file or the new one. A set with shared secrets is not written,
// and no older one is left in its place; the error wraps keys.ErrSecretKey then.
func (f *file) save(k kept) error {
	set, err := keys.EncodeJWKS(k.set)
	if err != nil {
		return errors.Join(err, remove(f.path))
	}
	r := record{Version: recordVersion, URL: f.config.URL, Issuer: k.issuer, FetchedAt: k.fetchedAt.UTC(), JWKS: set}
	r.SHA256 = r.digest()
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(f.path), 0o700); err != nil {
		return err
	}
	if err := replace(f.path, text); err != nil {
		return err
	}
	f.written = k.fetchedAt
	return nil
}
