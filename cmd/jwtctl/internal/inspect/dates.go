package inspect

import (
	"slices"

	"apinto-jwt/token"
)

// DateNames are the time claims, in the order in which they are shown.
var DateNames = [...]string{"iat", "nbf", "exp"}

// datesOf reads the time claims of a payload, each by the parser's own rules; what it refuses is not set.
func datesOf(payload Part) map[string]token.NumericDate {
	dates := make(map[string]token.NumericDate)
	eachMember(payload.Encoded, func(name, member string) {
		if !slices.Contains(DateNames[:], name) {
			return
		}
		parsed, err := token.Parse(segment(soundHeader) + "." + segment(`{`+member+`}`) + ".")
		if err != nil {
			return
		}
		iat, nbf, exp := parsed.UntrustedDates()
		dates[name] = map[string]token.NumericDate{"iat": iat, "nbf": nbf, "exp": exp}[name]
	})
	return dates
}
