package jwt

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"apinto-jwt/drivers/internal/explain"
	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/host"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/token"
)

// asks sends a question to the page, as a client does.
func (k *kit) asks(question string, change func(*http.Request)) (status int, answer string, header http.Header) {
	k.t.Helper()
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:9400/apinto/jwt/explain", strings.NewReader(question))
	r.Header.Set("Content-Type", "application/json")
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	k.driver.serveExplain(w, r)
	return w.Code, w.Body.String(), w.Header()
}

// explains is the report of a question that is answered.
func (k *kit) explains(question map[string]any) *explain.Report {
	k.t.Helper()
	text, err := json.Marshal(question)
	must.Succeed(k.t, err)
	status, answer, header := k.asks(string(text), nil)
	report := new(explain.Report)
	if err := json.Unmarshal([]byte(answer), report); err != nil || status != http.StatusOK {
		k.t.Fatalf("status %d, %v: %s", status, err, answer)
	}
	if header.Get("Cache-Control") != "no-store" {
		k.t.Errorf("headers %v", header)
	}
	raw, _ := question["token"].(string)
	checkReport(k.t, report, raw)
	return report
}

// Each refusal of a token is explained with the gateway's own reason, wherever the rule looks.
func TestRefusalsAreExplained(t *testing.T) {
	for _, test := range refusals() {
		t.Run(test.name, func(t *testing.T) {
			k := newKit(t)
			list := k.bind(appOf("a"), entry{position: "body", name: "jwt", config: test.config})
			raw := test.token(t)
			got := answer(host.Post(t, "/", "application/json", `{"jwt":"`+raw+`"}`), list...)
			report := k.explains(map[string]any{"token": raw})
			if report.Reason != got || got != test.want.String() || report.Fingerprint != token.Fingerprint(raw) {
				t.Errorf("explained as %s of %s, refused as %s", report.Reason, report.Fingerprint, got)
			}
		})
	}
}

// The near miss names the slip.
func TestNearMisses(t *testing.T) {
	const iss = "https://issuer.test/realms/shop"
	of := func(members ...string) string { return ruleJSON(append([]string{"iss", quote(iss)}, members...)...) }
	sign := func(secret string, payload claims) string {
		if payload["iss"] == nil {
			payload["iss"] = iss
		}
		return tokenOf(t, secret, payload)
	}
	good := func() string { return sign(secretA, claims{"sub": "ann"}) }
	encoded := "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldC0="
	tests := map[string]struct {
		config, credential, want string
	}{
		"slash":             {of(), sign(secretA, claims{"sub": "ann", "iss": iss + "/"}), "but for a slash at the end in iss: its key has made the token"},
		"case":              {of(), sign(secretA, claims{"sub": "ann", "iss": strings.ToUpper(iss)}), "upper and lower case in iss"},
		"scheme of iss":     {of(), sign(secretA, claims{"sub": "ann", "iss": "http" + iss[5:]}), "http and https in iss"},
		"host mistyped":     {of(), sign(secretB, claims{"sub": "ann", "iss": "https://isuer.test/realms/shop"}), "one character in iss"},
		"another issuer":    {of(), sign(secretA, claims{"sub": "ann", "iss": "you"}), "but for iss: its key has made the token"},
		"base64 off":        {of("secret", quote(encoded)), sign("secret-secret-secret-secret-secret-", claims{"sub": "ann"}), "read as base64 the signature is good"},
		"base64 on":         {of("secret", quote(encoded), "signature_is_base_64", "true"), sign(encoded, claims{"sub": "ann"}), "read as text the signature is good"},
		"secret with blank": {of("secret", quote(secretA+"\n")), good(), "white space round config.secret"},
		"another secret":    {of("secret", quote(secretB)), good(), "came furthest: not made with the secret of"},
		"clock":             {of(), sign(secretA, claims{"sub": "ann", "exp": noon - 2}), "3s: config.leeway of 3"},
		"clock ahead":       {of(), sign(secretA, claims{"sub": "ann", "iat": noon + 60}), "1m0s: config.leeway of 60"},
		"audience":          {of("audience", `["shop-api"]`), sign(secretA, claims{"sub": "ann", "aud": "shop-apis"}), "one character in aud"},
		"no audience":       {of("audience", `["shop-api"]`), sign(secretA, claims{"sub": "ann", "aud": []string{"x"}}), `aud, which lacks "shop-api"`},
		"claim":             {of("required_claims", `{"role":["admin"]}`), sign(secretA, claims{"sub": "ann", "role": "Admin"}), "upper and lower case in the claim"},
		"path":              {of("path", `"$.user_name"`), sign(secretA, claims{"username": "ann"}), `in config.path: the token has "username"`},
		"user":              {of(), sign(secretA, claims{"sub": "Ann"}), `upper and lower case in the user's name: the rule has "ann"`},
		"Bearer twice":      {of(), "Bearer Bearer " + good(), "but for Bearer, which stands there twice"},
		"scheme":            {of(), "Token " + good(), "but for its scheme, which is not Bearer"},
		"quotes":            {of(), `"` + good() + `"`, "the quotes, marks or blanks round it"},
		"line end":          {of(), strings.Replace(good(), ".", ".\n", 1), "the line ends or blanks in it"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			k := newKit(t)
			k.bind(appOf("a"), entry{config: test.config})
			report := k.explains(map[string]any{"token": test.credential})
			if report.Accepted || !strings.Contains(report.NearMiss, test.want) {
				t.Errorf("%s: near miss %q, want %q; %+v", report.Reason, report.NearMiss, test.want, report.Steps)
			}
		})
	}
}

// A token is found where it stands in the request, which is given as text or in parts.
func TestRequestsAreExplained(t *testing.T) {
	k := newKit(t)
	k.bind(appOf("a"), entry{}, entry{position: "body", name: "$.auth.token"})
	raw := ann(t)
	for name, test := range map[string]struct {
		request any
		want    string
		near    string
	}{
		"header":         {"GET /x HTTP/1.1\nAuthorization: Bearer " + raw, "accepted", ""},
		"HTTP/2":         {"GET /x HTTP/2\r\nauthorization: bearer " + raw + "\r\n\r\n\n", "accepted", ""},
		"parts":          {map[string]any{"url": "https://gateway.test/x", "headers": map[string]any{"authorization": "Bearer " + raw}}, "accepted", ""},
		"body":           {map[string]any{"method": "POST", "headers": map[string]any{"Content-Type": "application/json"}, "body": `{"auth":{"token":"` + raw + `"}}`}, "accepted", ""},
		"twice":          {map[string]any{"headers": map[string]any{"Authorization": []string{"Bearer " + raw, "Bearer " + raw + "x"}}}, "token_malformed", ""},
		"another header": {"GET / HTTP/1.1\nX-Token: " + raw, "token_missing", "in the header X-Token, where no rule looks: rules look at header Authorization, body $.auth.token"},
		"query":          {"GET /?access_token=" + raw + " HTTP/1.1\n", "token_missing", "in the query access_token, where no rule looks"},
		"cookie":         {"GET / HTTP/1.1\nCookie: a=b; sid=" + raw, "token_missing", "in the cookie sid, where no rule looks"},
		"another scheme": {"GET / HTTP/1.1\nAuthorization: Token " + raw, "token_missing", "but for its scheme, which is not Bearer"},
		"nothing":        {"GET / HTTP/1.1\n", "token_missing", ""},
	} {
		t.Run(name, func(t *testing.T) {
			report := k.explains(map[string]any{"request": test.request})
			if report.Reason != test.want || !strings.Contains(report.NearMiss, test.near) {
				t.Errorf("got %s, near miss %q, want %s, %q", report.Reason, report.NearMiss, test.want, test.near)
			}
		})
	}
}

// It is judged at the time that is given, by the clock of the gateway if none is.
func TestExplainedAtATime(t *testing.T) {
	k := newKit(t)
	k.bind(appOf("a"), entry{})
	raw := tokenOf(t, secretA, claims{"sub": "ann", "nbf": noon - 10, "exp": noon + 10})
	at := func(seconds int64) string { return time.Unix(seconds, 0).UTC().Format(time.RFC3339) }
	for want, question := range map[string]map[string]any{
		"accepted":            {"token": raw},
		"token_expired":       {"token": raw, "at": at(noon + 10)},
		"token_not_yet_valid": {"token": raw, "at": at(noon - 11)},
	} {
		if report := k.explains(question); report.Reason != want {
			t.Errorf("got %s, want %s", report.Reason, want)
		}
	}
}

// A token that was ended, a user who has expired, an application that is disabled: each is told, with the rule.
func TestExplainedStanding(t *testing.T) {
	k := newKit(t)
	app := appOf("a")
	hashes := new(jwttest.Hashes)
	k.driver.Revocations.Hashes = hashes
	k.bind(app, entry{users: `[{"pattern":{"username":"ann"}},{"pattern":{"username":"old"},"expire":1}]`})
	signed := func(payload claims) map[string]any { return map[string]any{"token": tokenOf(t, secretA, payload)} }
	hashes.Put("jwt_revoked", "x", "1")
	for want, payload := range map[string]claims{
		"token_revoked": {"sub": "ann", "jti": "x"}, "user_expired": {"sub": "old"}, "user_unknown": {"sub": "eve"}, "accepted": {"sub": "ann"},
	} {
		report := k.explains(signed(payload))
		if report.Reason != want {
			t.Errorf("got %s, want %s", report.Reason, want)
		}
		if last := report.Steps[len(report.Steps)-1]; last.Rule != "header, HS256" && last.Rule != "header Authorization, HS256" || last.Application != "a@app" {
			t.Errorf("%s: the last step is %+v", want, last)
		}
	}
	app.Disabled = true
	if report := k.explains(signed(claims{"sub": "ann"})); report.Reason != "app_disabled" {
		t.Errorf("got %s", report.Reason)
	}
}

// What is no question is told so, without a word of it.
func TestQuestionsThatAreNone(t *testing.T) {
	k := newKit(t)
	for _, question := range []string{
		``, `{`, `[]`, `null`, `{}`, `"secret-thing"`, `{"token":1}`, `{"tokn":"secret-thing"}`, `{"token":"secret-thing","fingerprint":"y"}`,
		`{"token":"secret-thing"}{}`, `{"token":"secret-thing","at":"noon"}`, `{"request":{"url":"secret-thing ` + "\\u0000" + `"}}`, `{"request":7}`,
		`{"request":{"headers":{"secret-thing":"a\nb"}}}`, `{"request":{"headers":{"a:b":"secret-thing"}}}`, `{"request":{"method":"secret thing"}}`,
		`{"request":""}`, `{"request":"secret-thing"}`,
	} {
		status, answer, _ := k.asks(question, nil)
		if status != http.StatusBadRequest || strings.Contains(answer, "secret-thing") {
			t.Errorf("%s: status %d, %s", question, status, answer)
		}
	}
	if status, _, _ := k.asks(`{"token":"`+strings.Repeat("x", explain.MaxInput)+`"}`, nil); status != http.StatusRequestEntityTooLarge {
		t.Errorf("a question of more than 1 MiB: status %d", status)
	}
	if status, answer, _ := k.asks(`{"fingerprint":"sha256:0123456789abcdef"}`, nil); status != http.StatusNotFound {
		t.Errorf("a fingerprint that is not known: status %d, %s", status, answer)
	}
}

// No web page reaches the address through the browser of somebody who can.
func TestOtherOriginsAreRefused(t *testing.T) {
	k := newKit(t)
	k.driver.guard = adminGuard{names: []string{"Gateway.internal"}}
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	called := func(name string) func(*http.Request) { return func(r *http.Request) { r.Host = name } }
	for name, test := range map[string]struct {
		change func(*http.Request)
		want   int
	}{
		"another origin":  {header("Origin", "http://evil.test"), 403},
		"no origin":       {header("Origin", "null"), 403},
		"another port":    {header("Origin", "http://127.0.0.1:80"), 403},
		"a file":          {header("Origin", "file://127.0.0.1:9400"), 403},
		"its own origin":  {header("Origin", "http://127.0.0.1:9400"), 200},
		"cross-site":      {header("Sec-Fetch-Site", "cross-site"), 403},
		"same-site":       {header("Sec-Fetch-Site", "same-site"), 403},
		"same-origin":     {header("Sec-Fetch-Site", "same-origin"), 200},
		"by hand":         {header("Sec-Fetch-Site", "none"), 200},
		"rebound name":    {called("evil.test:9400"), 403},
		"no host":         {called(""), 403},
		"a name's suffix": {called("x.gateway.internal:9400"), 403},
		"localhost":       {called("localhost:9400"), 200},
		"IPv6":            {called("[::1]:9400"), 200},
		"IPv6, no port":   {called("[::1]"), 200},
		"IPv4, no port":   {called("10.0.0.1"), 200},
		"configured name": {called("gateway.internal:9400"), 200},
		"plain text":      {header("Content-Type", "text/plain"), 415},
		"a form":          {header("Content-Type", "application/x-www-form-urlencoded"), 415},
		"JSON in UTF-8":   {header("Content-Type", "application/json; charset=utf-8"), 200},
		"no content type": {func(r *http.Request) { r.Header.Del("Content-Type") }, 415},
	} {
		if status, answer, h := k.asks(`{"token":"x"}`, test.change); status != test.want || h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: status %d, %s", name, status, answer)
		}
	}
}

func TestNamesOfTheAdminAddress(t *testing.T) {
	text := "version: 2\nclient:\n  listen_urls:\n    - http://0.0.0.0:9400\n    - https://Gate.internal:9401\n  advertise_urls: [http://gw-1:9400]\ngateway:\n  listen_urls: [http://shop.test]\n"
	if got := strings.Join(namesIn([]byte(text)), " "); got != "0.0.0.0 Gate.internal gw-1" {
		t.Errorf("got %s", got)
	}
	if names := namesIn([]byte("\t{")); names != nil {
		t.Errorf("got %v", names)
	}
}

// A secret, a key or a token is in no report, whatever is asked.
func TestNothingSecretIsExplained(t *testing.T) {
	k := newKit(t)
	key, rule := signer(t, "ES256")
	k.bind(appOf("a"), entry{}, entry{config: ruleJSON("secret", quote(secretB), "iss", `"us"`)}, entry{config: rule})
	es256 := jwttest.Sign(t, "ES256", key, nil, claims{"sub": "ann", "phone": "+49 30 1234567"})
	for _, credential := range []string{
		ann(t), es256, tokenOf(t, "wrong", claims{"sub": "ann"}), tokenOf(t, secretB, claims{"sub": "ann", "iss": "us/"}),
		secretA, "Bearer " + secretB, ann(t) + " " + es256, es256 + "." + es256, "Basic " + secretA, "Token " + es256 + " " + es256,
	} {
		report := k.explains(map[string]any{"token": credential})
		text, err := json.Marshal(report)
		must.Succeed(t, err)
		for _, hidden := range append(strings.FieldsFunc(es256+"."+ann(t)+"."+credential, func(c rune) bool { return c == '.' || c == ' ' }), secretA, secretB, "1234567") {
			if len(hidden) > 8 && strings.Contains(string(text), hidden) {
				t.Errorf("%q is shown: %s", hidden, text)
			}
		}
	}
}

// Of several rules the one that a slip keeps away is named, though another came further, with the reason of a request that has the
// token where that rule looks.
func TestNearMissAmongRules(t *testing.T) {
	const iss = "https://issuer.test"
	k := newKit(t)
	k.bind(appOf("any"), entry{config: ruleJSON("secret", quote(secretB))})
	k.bind(appOf("made"), entry{name: "X-Made", position: "header", config: ruleJSON("iss", quote(iss))})
	k.bind(appOf("slip"), entry{name: "X-Slip", position: "header", config: ruleJSON("iss", quote("https://isuer.test"), "secret", quote(secretB+secretB))})
	for secret, want := range map[string]string{
		secretA:            "application made@app, but for a slash at the end in iss: its key has made the token",
		"another, unknown": "application slip@app, but for its spelling",
	} {
		issuer := iss + "/"
		if secret != secretA {
			issuer = "HTTPS://isuer.test/"
		}
		report := k.explains(map[string]any{"token": tokenOf(t, secret, claims{"sub": "ann", "iss": issuer})})
		if report.Reason != "issuer_mismatch" || !strings.Contains(report.NearMiss, want) {
			t.Errorf("%s, near miss %q, want %q", report.Reason, report.NearMiss, want)
		}
	}
}
