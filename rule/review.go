package rule

import (
	"encoding/json"
	"errors"
	"fmt"

	"apinto-jwt/internal/configjson"
)

// Effect is the fate of a stored entry when this driver takes the builtin's place.
type Effect string

// The effects, the worst first.
const (
	// EffectLost: the builtin accepts tokens under the entry, this driver sets it aside and accepts none.
	EffectLost Effect = "lost"
	// EffectSetAside: the entry is set aside; the builtin accepts no token under it either.
	EffectSetAside Effect = "set aside"
	// EffectOpens: this driver accepts tokens under the entry, the builtin accepts none.
	EffectOpens Effect = "opens"
	// EffectDiffers: some tokens are judged in another way.
	EffectDiffers Effect = "differs"
	// EffectWarning: nothing changes, but something is doubtful.
	EffectWarning Effect = "warning"
)

// Finding is one thing that a stored application's owner should know before this driver takes the builtin's place.
type Finding struct {
	// Index is the entry's in the application's "auth".
	Index int `json:"index"`
	// Entry names it: place, algorithm and issuer.
	Entry  string `json:"entry"`
	Effect Effect `json:"effect"`
	// Text begins with the field. It shows no secret.
	Text string `json:"text"`
}

// entryType is the type of entries that are ours.
const entryType = "jwt"

// storedEntry is an item of an application's "auth", as the host stores it.
type storedEntry struct {
	Type      string          `json:"type"`
	TokenName string          `json:"token_name"`
	Position  string          `json:"position"`
	Config    json.RawMessage `json:"config"`
	Users     []*User         `json:"users"`
}

// Review compares what this driver makes of a stored application with what the builtin makes of it. The application is the
// JSON that the admin API takes and gives. Entries of other types are passed over.
func Review(application []byte) ([]Finding, error) {
	var app struct {
		Auth []storedEntry `json:"auth"`
	}
	if err := json.Unmarshal(application, &app); err != nil {
		return nil, errors.New("auth: is no list of authentications")
	}
	var list []Finding
	for i, e := range app.Auth {
		if e.Type == entryType {
			list = append(list, e.review(i)...)
		}
	}
	return list, nil
}

// review is Review for one entry.
func (e *storedEntry) review(index int) []Finding {
	cfg := new(Config)
	_ = json.Unmarshal(e.Config, cfg) // a Rule keeps what is wrong for the compiler
	var list []Finding
	add := func(effect Effect, texts ...string) {
		for _, text := range texts {
			list = append(list, Finding{index, entryName(e.TokenName, e.Position, cfg), effect, text})
		}
	}
	b := builtinOf(e, cfg)
	r, err := Compiler{}.Compile(e.TokenName, e.Position, cfg, Stored)
	switch {
	case err != nil && b.problem == "":
		add(EffectLost, configjson.Faults(err)...)
		return list
	case err != nil:
		add(EffectSetAside, configjson.Faults(err)...)
		return list
	}
	m := ReadUsers(e.Users)
	if b.problem != "" && (len(m.List) > 0 || m.Any != nil) {
		add(EffectOpens, fmt.Sprintf("%s; this driver accepts tokens under the entry", b.problem))
	}
	add(EffectDiffers, b.differences(r)...)
	add(EffectWarning, r.Warnings...)
	add(EffectWarning, m.Faults...)
	add(EffectWarning, m.Warnings...)
	return list
}
