package retired

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"

	"apinto-jwt/keys"
)

// recordVersion is the version that is written, and the one that is read.
const recordVersion = 1

// record is the content of a file.
type record struct {
	Version int      `json:"version"`
	SHA256  string   `json:"sha256"` // of the record without it
	Keys    []keyRow `json:"keys"`
}

// keyRow is one key.
type keyRow struct {
	ID         string           `json:"kid"`
	Algorithms []keys.Algorithm `json:"algorithms"`
	Public     []byte           `json:"public"`   // SubjectPublicKeyInfo in DER (RFC 5280 §4.1)
	Lifetime   int64            `json:"lifetime"` // in seconds; 0 if it signs no more
	Until      time.Time        `json:"until,omitzero"`
}

// digest finds damage; it is no protection against who can write the file.
func (r record) digest() (string, error) {
	r.SHA256 = ""
	text, err := json.Marshal(r)
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), err
}

// encode returns the keys as they are written.
func encode(list []Key) (text []byte, err error) {
	r := record{Version: recordVersion, Keys: make([]keyRow, 0, len(list))}
	for _, k := range list {
		public, err := x509.MarshalPKIXPublicKey(k.Key.Public())
		if err != nil { // a shared secret has no public half
			return nil, err
		}
		r.Keys = append(r.Keys, keyRow{
			ID: k.Key.ID(), Algorithms: k.Key.Algorithms().List(), Public: public,
			Lifetime: int64((k.Lifetime + time.Second - 1) / time.Second), Until: k.Until.UTC(),
		})
	}
	if r.SHA256, err = r.digest(); err != nil {
		return nil, err
	}
	return json.Marshal(r)
}

// decode returns the keys of a file. A file that is wrong anywhere has none.
func decode(text []byte) ([]Key, error) {
	var r record
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if decoder.Decode(&r) != nil || r.Version != recordVersion {
		return nil, errors.New("it was not written by this version")
	}
	if sum, err := r.digest(); err != nil || sum != r.SHA256 || len(r.Keys) > MaxKeys {
		return nil, errors.New("it is damaged")
	}
	list := make([]Key, 0, len(r.Keys))
	for _, row := range r.Keys {
		public, err := x509.ParsePKIXPublicKey(row.Public)
		if err != nil {
			return nil, err
		}
		key, err := keys.NewPublicKey(row.ID, public, row.Algorithms...)
		if err != nil {
			return nil, err
		}
		lifetime := time.Duration(min(max(row.Lifetime, 0), int64(MaxLifetime/time.Second))) * time.Second
		list = append(list, Key{Key: key, Lifetime: lifetime, Until: row.Until})
	}
	return list, nil
}
