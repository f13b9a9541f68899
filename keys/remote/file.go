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
	"slices"
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
	config  Config // Config.trust
	written time.Time
}

// record is the content of a file. Members that came later are left out where they say nothing, so that the digest of an older
// file stays right.
type record struct {
	Version   int             `json:"version"`
	URL       string          `json:"url"`
	Issuer    string          `json:"issuer"` // of the discovery document, empty where there was none
	FetchedAt time.Time       `json:"fetched_at"`
	SHA256    string          `json:"sha256"` // of the record without it
	JWKS      json.RawMessage `json:"jwks"`
	HTTP      bool            `json:"http,omitempty"`    // as provenance.http
	Earlier   []earlier       `json:"earlier,omitempty"` // sets before, of other issuers
}

// earlier is a set before the latest.
type earlier struct {
	Issuer    string          `json:"issuer"`
	HTTP      bool            `json:"http,omitempty"`
	FetchedAt time.Time       `json:"fetched_at"`
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

// all are the sets, the latest first.
func (r record) all() []earlier {
	return append([]earlier{{Issuer: r.Issuer, HTTP: r.HTTP, FetchedAt: r.FetchedAt, JWKS: r.JWKS}}, r.Earlier...)
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

// load reads the sets, the latest first, however old they are; none where there is no file. Errors wrap ErrFile.
func (f *file) load(now time.Time) ([]edition, error) {
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
	switch {
	case r.SHA256 != r.digest():
		return nil, fmt.Errorf("%w: it is damaged", ErrFile)
	case r.URL != f.config.URL:
		return nil, fmt.Errorf("%w: it is of another URL", ErrFile)
	case now.Sub(r.FetchedAt) < -clockSlack:
		return nil, fmt.Errorf("%w: it is from the future, %s", ErrFile, r.FetchedAt.Format(time.RFC3339))
	}
	var list []edition
	for _, one := range r.all() {
		set, _, err := keys.ParseJWKS(one.JWKS, parseOptions)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrFile, err)
		}
		list = append(list, edition{set: set, origin: provenance{one.Issuer, one.HTTP}, confirmed: one.FetchedAt})
	}
	f.written = r.FetchedAt
	return list, nil
}

// save writes the sets, the latest first, in one step: a reader sees the old file or the new one. Shared secrets are not written;
// where a set has nothing else no older file is left, and the error wraps keys.ErrSecretKey. An error that wraps ErrFile
// tells that what was written will not be believed.
func (f *file) save(list []edition) error {
	r := record{Version: recordVersion, URL: f.config.URL}
	for i, e := range list {
		public := withoutSecrets(e.set)
		set, err := keys.EncodeJWKS(public)
		if err != nil {
			return errors.Join(err, remove(f.path))
		}
		switch at := e.confirmed.UTC(); {
		case i > 0 && public.Len() > 0:
			r.Earlier = append(r.Earlier, earlier{Issuer: e.origin.issuer, HTTP: e.origin.http, FetchedAt: at, JWKS: set})
		case i == 0 && public.Len() == 0 && e.set.Len() > 0:
			return errors.Join(keys.ErrSecretKey, remove(f.path))
		case i == 0:
			r.Issuer, r.HTTP, r.FetchedAt, r.JWKS = e.origin.issuer, e.origin.http, at, set
		}
	}
	return f.write(r)
}

// text is the record as it is written. Sets before the latest that make it too long to be read are left out.
func (r record) text() ([]byte, error) {
	for {
		r.SHA256 = r.digest()
		text, err := json.Marshal(r)
		if err != nil || len(text) <= maxFile || len(r.Earlier) == 0 {
			return text, err
		}
		r.Earlier = r.Earlier[:len(r.Earlier)-1]
	}
}

// write writes the record, and judges what it has written.
func (f *file) write(r record) error {
	text, err := r.text()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(f.path), 0o700); err != nil {
		return err
	}
	if err := replace(f.path, text); err != nil {
		return err
	}
	f.written = r.FetchedAt
	written, err := open(f.path)
	if err != nil || written == nil {
		return err
	}
	return written.Close()
}

// withoutSecrets is the set without shared secrets.
func withoutSecrets(set *keys.Set) *keys.Set {
	return keys.NewSet(slices.DeleteFunc(slices.Clone(set.Keys()), func(k *keys.Key) bool { return k.Kind() == keys.KindSecret })...)
}
