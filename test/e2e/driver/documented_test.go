package driver

import (
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// The example of the gateway's documentation.
const (
	documentedHeader  = `{"alg":"HS256","typ":"JWT"}`
	documentedPayload = `{"sub":"1234567890","iss":"apinto","name":"John Doe","iat":1516239022,"exp":1713339896}`
	documentedSecret  = "apinto"
)

// documentedApp has the documented rule and these claims to verify.
func documentedApp(claims ...string) gateway.App {
	return gateway.JWTApp("documented", gateway.Auth{
		Position: "header", TokenName: "Authorization",
		Config: gateway.Rule{
			"algorithm": "HS256", "secret": documentedSecret, "iss": "apinto", "path": "$.name",
			"claims_to_verify": append([]string{}, claims...),
		},
		Users: []gateway.User{{Name: "John Doe", HideCredential: true}},
	})
}

func TestDocumentedExample(t *testing.T) {
	e := rig.Shared(t)
	token := jwttest.SignRaw(t, "HS256", documentedSecret, []byte(documentedHeader), []byte(documentedPayload))
	e.Add(t, documentedApp())

	t.Run("reaches the upstream without the credential", func(t *testing.T) {
		seen := e.Accept(t, e.Node, rig.InHeader("Authorization", token))
		if credential, found := seen.Header["Authorization"]; found {
			t.Errorf("the upstream got the credential: %q", credential)
		}
	})
	t.Run("is logged as its user", func(t *testing.T) {
		e.ExpectLogged(t, e.Send(t, e.Node, rig.Bearer(token)), map[string]string{
			"application": "documented", "user": "John Doe", "jwt_result": "",
		})
	})
	t.Run("is refused as expired where exp is verified", func(t *testing.T) {
		e.Replace(t, documentedApp("exp"))
		rig.Within(t, rig.Settle, func() error { return e.Send(t, e.Node, rig.Bearer(token)).Refused() })
		e.ExpectLogged(t, e.Refuse(t, e.Node, rig.Bearer(token)), map[string]string{
			"application": "", "user": "", "jwt_result": "token_expired",
		})
	})
}
