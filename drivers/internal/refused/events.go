package refused

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Events returns the refusals with a greater number than after as server-sent events, and the number of the last one. An event's id is
// the number, its data the Request as JSON.
func (l *Log) Events(after uint64) (text string, last uint64) {
	var b strings.Builder
	for _, r := range l.After(after) {
		after = r.Number
		if data, err := json.Marshal(r); err == nil { // texts, numbers, and a time of our days
			fmt.Fprintf(&b, "id: %d\ndata: %s\n\n", r.Number, data)
		}
	}
	return b.String(), after
}
