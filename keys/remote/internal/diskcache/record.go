package diskcache

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"
)

// recordVersion is the version that is written, and the one that is read.
const recordVersion = 1

// record is the content of a file. Members that came later are left out if they say nothing, so that the digest of an older
// file stays right.
type record struct {
	Version   int             `json:"version"`
	URL       string          `json:"url"`
	Issuer    string          `json:"issuer"` // of the discovery document; empty if there was none
	FetchedAt time.Time       `json:"fetched_at"`
	SHA256    string          `json:"sha256"` // of the record without it
	JWKS      json.RawMessage `json:"jwks"`
	HTTP      bool            `json:"http,omitempty"`    // as Entry.HTTP
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

// all returns the sets, the latest first.
func (r record) all() []earlier {
	return append([]earlier{{Issuer: r.Issuer, HTTP: r.HTTP, FetchedAt: r.FetchedAt, JWKS: r.JWKS}}, r.Earlier...)
}

// text returns the record as it is written. Sets before the latest that make it too long to be read are left out.
func (r record) text() ([]byte, error) {
	for {
		r.SHA256 = r.digest()
		text, err := json.Marshal(r)
		if err != nil || len(text) <= MaxSize || len(r.Earlier) == 0 {
			return text, err
		}
		r.Earlier = r.Earlier[:len(r.Earlier)-1]
	}
}
