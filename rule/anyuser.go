package rule

import (
	"strings"
	"unicode"

	"github.com/tidwall/gjson"

	"apinto-jwt/token"
)

// AnyUser is the name of a user who stands for every user whom the rule's path names and who is not listed.
const AnyUser = "*"

// subjectClaim names the user of an issuer's token (RFC 7519 §4.1.2).
const subjectClaim = "sub"

// MaxSubject is the longest name of a user whom AnyUser stands for, in bytes: as long as OpenID Connect Core §2 allows "sub".
const MaxSubject = 255

// IsAny reports whether the user stands for all who are not listed. Interfaces write an empty name if its field is left empty;
// where there is none at all, something else must have been meant.
func (u *User) IsAny() bool { return u.Username() == AnyUser || u.Username() == "" && u.named }

var (
	// errSubjectNumber refuses a number that can be written in several ways, each of which would be another user.
	errSubjectNumber = &token.Error{Reason: token.UserMissing, Detail: "the number that is to name the user is not whole, or not written in digits alone", Offset: -1}
	// errSubject refuses a name that would harm logs, or that the host's labels cannot carry.
	errSubject = &token.Error{Reason: token.UserUnknown, Detail: "the user's name is too long, or has characters that cannot be shown", Offset: -1}
)

// subjectOf returns the user whom a verified token names under AnyUser. Whether a user of that name is listed is not looked at;
// for one who is not, [FitSubject] says whether the name can be taken.
func (r *Rule) subjectOf(v *token.Verified) (string, error) {
	if r.Subject.IsZero() {
		return r.userIn(v)
	}
	return v.Name(r.Subject)
}

// FitSubject returns nil if AnyUser can stand for a user of this name, which is the token's at the rule's path.
func (r *Rule) FitSubject(v *token.Verified, name string) error {
	if len(name) > MaxSubject || strings.ContainsFunc(name, hidden) {
		return errSubject
	}
	if !digits(name) || r.Subject.IsZero() {
		return nil
	}
	if value, _ := v.Find(r.Subject); value.Type == gjson.Number && !plainNumber(name) {
		return errSubjectNumber
	}
	return nil
}

// hidden reports whether a character is a control character, ends a line, or changes the direction of what is shown.
func hidden(c rune) bool {
	return unicode.IsControl(c) || c == '\u2028' || c == '\u2029' || unicode.Is(unicode.Bidi_Control, c)
}

// digits reports whether a name begins as a JSON number does.
func digits(name string) bool {
	return name[0] == '-' || name[0] >= '0' && name[0] <= '9'
}

// plainNumber reports whether a JSON number is whole and written in digits alone, so that there is no other way to write it.
func plainNumber(number string) bool {
	return !strings.ContainsAny(number, ".eE") && number != "-0"
}
