package jwt

import (
	"encoding/json"
	"errors"
)

// errClaimValues: what a claim may be is neither a value nor a list of values.
var errClaimValues = errors.New("must map a path to a value or a list of values")

// ClaimValues maps a path in the payload to the allowed values of the claim, each as text: a string as it is, a number
// or a boolean as its JSON text.
type ClaimValues map[string][]string

// UnmarshalJSON reads {"path": ["a", 1, true], "other": "b", "present": []}.
func (c *ClaimValues) UnmarshalJSON(text []byte) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(text, &members); err != nil {
		return errClaimValues
	}
	values := make(ClaimValues, len(members))
	for path, member := range members {
		var list []json.RawMessage
		if json.Unmarshal(member, &list) != nil {
			list = []json.RawMessage{member}
		}
		values[path] = make([]string, 0, len(list))
		for _, item := range list {
			value, ok := scalar(item)
			if !ok {
				return errClaimValues
			}
			values[path] = append(values[path], value)
		}
	}
	*c = values
	return nil
}

// scalar is a string's text, or the JSON text of a number or a boolean.
func scalar(text json.RawMessage) (string, bool) {
	var value any
	if json.Unmarshal(text, &value) != nil {
		return "", false
	}
	switch v := value.(type) {
	case string:
		return v, true
	case float64, bool:
		return string(text), true
	}
	return "", false
}
