package rule

import (
	"encoding/json"
	"errors"
	"math"
	"strconv"

	"apinto-jwt/internal/strictjson"
	"apinto-jwt/token"
)

var (
	// errClaimValues: what a claim may be is neither a value nor a list of values.
	errClaimValues = errors.New("must map a path to a value or a list of values")
	// errInexact: the host reads a configuration's numbers as float64 and writes them again before a driver sees them.
	errInexact = errors.New("is a number whose digits are not all kept: write it as text, in quotes")
)

// ClaimValues maps a path in the payload to the allowed values of the claim.
type ClaimValues map[string][]ClaimValue

// ClaimValue is a string, a number, true or false, as its JSON text.
type ClaimValue string

// MarshalJSON returns the value's own text: 2 and "2" stay what they are.
func (v ClaimValue) MarshalJSON() ([]byte, error) { return []byte(v), nil }

// value returns the value that a claim is compared with. A string also equals the number, true or false that it spells: the dashboard's
// form gives strings alone.
func (v ClaimValue) value() token.Value {
	if text, ok := strictjson.String(string(v)); ok {
		return token.TextValue(text)
	}
	value, _ := token.JSONValue(string(v)) // UnmarshalJSON has taken it
	return value
}

// Exact returns an error for a number that may be another one than was written: a whole number from 2^53 on, or a fraction of
// more than 15 digits.
func (v ClaimValue) Exact() error {
	number, ok := strictjson.ParseNumber(string(v))
	if !ok || number.Digits() == 0 {
		return nil
	}
	size, err := strconv.ParseFloat(string(v), 64)
	if size = math.Abs(size); err != nil || size >= 1<<53 || size < smallest || !number.IsWhole() && number.Digits() > keptDigits {
		return errInexact
	}
	return nil
}

// The bounds within which a float64 keeps the digits of any number of so many.
const (
	keptDigits = 15
	smallest   = 0x1p-1022
)

// UnmarshalJSON reads {"path": ["a", 1, true], "other": "b", "present": []}.
func (c *ClaimValues) UnmarshalJSON(text []byte) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(text, &members); err != nil {
		return errClaimValues
	}
	values := make(ClaimValues, len(members))
	for path, member := range members {
		var list []json.RawMessage
		if member[0] != '[' || json.Unmarshal(member, &list) != nil {
			list = []json.RawMessage{member}
		}
		values[path] = make([]ClaimValue, 0, len(list))
		for _, item := range list {
			if _, ok := token.JSONValue(string(item)); !ok {
				return errClaimValues
			}
			values[path] = append(values[path], ClaimValue(item))
		}
	}
	*c = values
	return nil
}

// Expect returns the demand on the claim that the path names.
func Expect(path token.Path, values []ClaimValue) token.ExpectedClaim {
	e := token.ExpectedClaim{Path: path}
	for _, value := range values {
		e.Values = append(e.Values, value.value())
	}
	return e
}
