package authn

import (
	"sync/atomic"

	"apinto-jwt/drivers/internal/bearer"
)

// LabelHint says, of a request in which no rule found a token, where what looks like one stands.
const LabelHint = "jwt_hint"

// hints count requests by the hint that they were given.
type hints [bearer.HintCount]atomic.Uint64

// HintState is one counter.
type HintState struct {
	Text  string `json:"hint"`
	Count uint64 `json:"count"`
}

// states are the counters that have counted.
func (h *hints) states() []HintState {
	list := []HintState{}
	for i := range h {
		if n := h[i].Load(); n > 0 {
			list = append(list, HintState{bearer.Hint(i).String(), n})
		}
	}
	return list
}
