package token

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"apinto-jwt/jwttest"
)

// Claims are what differs between the tokens.
type Claims struct {
	Issuer  string
	User    string
	Expired bool
}

// issued is when all tokens were made.
var issued = time.Now().Add(-time.Minute)

// numbers makes every token another one.
var numbers atomic.Uint64

// New signs a token that differs from all others. It has the claims that an access token has, about 350 bytes of text
// with HS256.
func (k Key) New(c Claims) string { return k.Numbered(c, numbers.Add(1)) }

// Numbered is New with a number of the caller's: with HS256 the same one makes the same token.
func (k Key) Numbered(c Claims, number uint64) string {
	exp := issued.Add(24 * time.Hour)
	if c.Expired {
		exp = issued.Add(10 * time.Second)
	}
	header := fmt.Appendf(nil, `{"alg":%q,"typ":"JWT"}`, k.Algorithm)
	payload := fmt.Appendf(nil, `{"iss":%q,"sub":%q,"aud":["https://api.example"],"exp":%d,"nbf":%d,"iat":%d,"jti":"%016x","scope":"orders:read orders:write"}`,
		c.Issuer, c.User, exp.Unix(), issued.Unix(), issued.Unix(), number)
	return jwttest.SignRaw(TB{}, k.Algorithm, k.Private, header, payload)
}

// Many signs n tokens on all processors.
func (k Key) Many(n int, c Claims) []string {
	list := make([]string, n)
	var next atomic.Int64
	var done sync.WaitGroup
	for range runtime.NumCPU() {
		done.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				list[i] = k.New(c)
			}
		})
	}
	done.Wait()
	return list
}

// WrongSignature returns a token whose signature was made with another secret.
func (k Key) WrongSignature(c Claims) string {
	k.Private = Secret("somebody else").Private
	return k.New(c)
}

// Garbage has three parts and nothing in them.
const Garbage = "this-is-not-a-header-of-any-token.nor-is-this-the-payload-of-one-although-it-is-about-as-long-as-" +
	"they-are-when-they-carry-an-issuer-a-subject-an-audience-and-times.nor-a-signature-of-43-characters-of-hmac256"
