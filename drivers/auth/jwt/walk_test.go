package jwt

import (
	"encoding/json"
	"testing"
	"time"

	"apinto-jwt/jwttest/host"
)

// documented is the token of the documentation:
//
//	{"alg":"HS256","typ":"JWT"}
//	{"sub":"1234567890","iss":"apinto","name":"John Doe","iat":1516239022,"exp":1713339896}
//
// signed with the secret "apinto".
const documented = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9." +
	"eyJzdWIiOiIxMjM0NTY3ODkwIiwiaXNzIjoiYXBpbnRvIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyLCJleHAiOjE3MTMzMzk4OTZ9."

func TestForm(t *testing.T) {
	f := newFactory(time.Now)
	text, err := json.Marshal(f.Render())
	if err != nil {
		t.Fatal(err)
	}
	t.Log(string(text))
}

func TestSmoke(t *testing.T) {
	f := newFactory(time.Now)
	a, err := f.Create("Authorization", "header", host.BaseConfig(t, f, `{"iss":"apinto","algorithm":"HS256","secret":"apinto","path":"$.name"}`))
	if err != nil {
		t.Fatal(err)
	}
	_ = a
	_, err = f.Create("Authorization", "header", host.BaseConfig(t, f, `{"iss":"","algorithm":"HS2567","secret":"apinto","path":"$.name[","claims_to_verify":["x"],"foo":1,"signature_is_base_64":"yes"}`))
	t.Log(err)
}
