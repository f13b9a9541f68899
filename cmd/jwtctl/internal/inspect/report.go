package inspect

import (
	"encoding/json"

	"apinto-jwt/token"
)

// Report is an inspection as JSON shows it.
type Report struct {
	Verified       bool              `json:"verified"` // never true
	Fingerprint    string            `json:"fingerprint"`
	Size           int               `json:"size"`
	Algorithm      string            `json:"algorithm,omitempty"`
	KeyID          string            `json:"key_id,omitempty"`
	Type           string            `json:"type,omitempty"`
	SignatureBytes int               `json:"signature_bytes"`
	Header         json.RawMessage   `json:"header,omitempty"`
	HeaderText     string            `json:"header_text,omitempty"` // Header that is not JSON.
	Payload        json.RawMessage   `json:"payload,omitempty"`
	PayloadText    string            `json:"payload_text,omitempty"`
	Times          map[string]moment `json:"times,omitempty"`
	Faults         []Failure         `json:"faults"`
	Warnings       []string          `json:"warnings"`
}

// moment is a time claim.
type moment struct {
	Seconds  float64 `json:"seconds"`
	Time     string  `json:"time"`
	Distance string  `json:"distance"`
}

// Report returns the inspection for programs.
func (t *Token) Report() Report {
	r := Report{
		Fingerprint: token.Fingerprint(t.Raw), Size: len(t.Raw), SignatureBytes: len(t.Signature.Text),
		Algorithm: t.Parameter("alg"), KeyID: t.Parameter("kid"), Type: t.Parameter("typ"),
		Times: make(map[string]moment), Faults: []Failure{}, Warnings: append([]string{}, t.Warnings()...),
	}
	r.Header, r.HeaderText = rawJSON(t.Header)
	r.Payload, r.PayloadText = rawJSON(t.Payload)
	for name, date := range t.Dates {
		r.Times[name] = moment{date.Seconds(), date.String(), Relative(date.Time(), t.Now)}
	}
	for _, err := range t.Faults {
		f := NewFailure(err)
		if p, ok := t.Part(f.Part); ok && f.Offset == nil && p.Problem != "" {
			f.EncodedOffset, f.Problem = &p.Offset, p.Problem
		}
		r.Faults = append(r.Faults, f)
	}
	return r
}

// rawJSON returns the part as JSON, or as text if it is none.
func rawJSON(p Part) (json.RawMessage, string) {
	if p.Valid() {
		return json.RawMessage(p.Text), ""
	}
	return nil, p.Text
}
