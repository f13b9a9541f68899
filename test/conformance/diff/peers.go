package diff

import (
	"slices"

	"github.com/go-jose/go-jose/v4"
	josejwt "github.com/go-jose/go-jose/v4/jwt"
	gojwt5 "github.com/golang-jwt/jwt/v5"

	"apinto-jwt/test/corpus"
)

// library is a JWT library: asked for tokens alone, by rules that demand nothing but key, issuer and times.
type library struct{}

func (library) has(rule *settings, in Input) bool {
	return in.Request == "" && !rule.own && rule.fields.ClaimsToVerify == nil
}

// golangJWT is github.com/golang-jwt/jwt/v5, as its documentation recommends to use it.
type golangJWT struct{ library }

func (golangJWT) name() string { return "golang-jwt v5" }

func (golangJWT) judge(rule *settings, in Input) Outcome {
	options := []gojwt5.ParserOption{
		gojwt5.WithValidMethods([]string{rule.fields.Algorithm}), gojwt5.WithIssuedAt(), gojwt5.WithTimeFunc(now),
	}
	if rule.fields.Issuer != "" {
		options = append(options, gojwt5.WithIssuer(rule.fields.Issuer))
	}
	set := gojwt5.VerificationKeySet{}
	for _, key := range rule.keys {
		set.Keys = append(set.Keys, key)
	}
	_, err := gojwt5.NewParser(options...).Parse(in.Token, func(*gojwt5.Token) (any, error) { return set, nil })
	if err != nil {
		return Refuses
	}
	return Accepts
}

// goJOSE is github.com/go-jose/go-jose/v4.
type goJOSE struct{ library }

func (goJOSE) name() string { return "go-jose v4" }

func (goJOSE) judge(rule *settings, in Input) Outcome {
	parsed, err := josejwt.ParseSigned(in.Token, []jose.SignatureAlgorithm{jose.SignatureAlgorithm(rule.fields.Algorithm)})
	if err != nil {
		return Refuses
	}
	expected := josejwt.Expected{Issuer: rule.fields.Issuer, Time: corpus.Now}
	if slices.ContainsFunc(rule.keys, func(key any) bool {
		var claims josejwt.Claims
		return parsed.Claims(key, &claims) == nil && claims.ValidateWithLeeway(expected, 0) == nil
	}) {
		return Accepts
	}
	return Refuses
}
