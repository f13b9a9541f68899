package issuing

import (
	"crypto/elliptic"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// depot is a gateway whose issuer has a path, with machines that have keys, and its state in the process.
type depot struct {
	*rig.Env
	issuer string
	count  atomic.Int64
	down   *jwttest.KeyServer // the key set of the machine "lost", which cannot be fetched
}

const depotSecret = "the secret of the depot, of 32 characters and more"

func startDepot(t *testing.T) *depot {
	t.Helper()
	d := &depot{Env: rig.Own(t), down: jwttest.StartKeyServer()}
	d.issuer = d.Node.URL + "/tenant"
	d.down.Down()
	if err := d.Node.Issuing(t.Context(), d.Log, ""); err != nil {
		t.Fatal(err)
	}
	methods := []string{"GET", "HEAD", "OPTIONS", "POST"}
	for _, endpoint := range []gateway.Endpoint{
		{Kind: "token", Location: "/oauth/token", Config: map[string]any{"token_endpoint": d.Node.URL + "/oauth/token"}},
		{Kind: "metadata", Location: "/.well-known/oauth-authorization-server*", Methods: methods, Config: map[string]any{
			"issuer": d.issuer, "token_endpoint": d.Node.URL + "/oauth/token", "revocation_endpoint": d.Node.URL + "/oauth/revoke",
		}},
		{Kind: "metadata", Name: "slash", Location: "/.well-known/oauth-authorization-server/slash*", Methods: methods, Config: map[string]any{
			"issuer": d.Node.URL + "/slash/", "token_endpoint": d.Node.URL + "/oauth/token",
		}},
	} {
		if err := d.Node.Create(t.Context(), endpoint); err != nil {
			t.Fatal(err)
		}
	}
	d.Add(t, gateway.JWTApp("depot", gateway.Auth{
		Position: "header", TokenName: "Authorization",
		Config: gateway.Rule{
			"algorithm": "HS256", "secret": depotSecret, "iss": d.issuer, "path": "sub",
			"issue": map[string]any{"resources": []string{orders, invoices}, "claims": map[string]any{"scope": "read write"}},
		},
		Users: []gateway.User{
			{Name: "robot", ClientKey: map[string]any{"algorithm": "ES256", "public_key": jwttest.PublicPEM(robotKey())}},
			{Name: "both", ClientKey: map[string]any{"algorithm": "ES256,EdDSA", "jwks": jwttest.JWKS(
				jwttest.NewJWK("e", jwttest.OtherECKey(elliptic.P256())), jwttest.NewJWK("o", jwttest.Ed25519Key()),
			)}},
			{Name: "lost", ClientKey: map[string]any{"algorithm": "ES256", "jwks_uri": d.down.URL(jwttest.KeysPath)}},
			{Name: "ann", Password: rig.IssuedHash},
		},
	}))
	mustLogin(t, d.Node, "depot", "ann")
	return d
}

// claims are those of a good assertion of the client, but for these; nil leaves one out.
func (d *depot) claims(client string, differ map[string]any) map[string]any {
	now := time.Now().Unix()
	claims := map[string]any{"iss": client, "sub": client, "aud": d.issuer, "iat": now, "exp": now + 60, "jti": fmt.Sprint("depot-", d.count.Add(1))}
	maps.Copy(claims, differ)
	maps.DeleteFunc(claims, func(_ string, value any) bool { return value == nil })
	return claims
}

// robot is an assertion of the machine "robot" that differs in these claims.
func (d *depot) robot(t *testing.T, differ map[string]any) string {
	t.Helper()
	return jwttest.Sign(t, "ES256", robotKey(), nil, d.claims("depot|robot", differ))
}

// ask sends a form to an endpoint, and returns its status and error.
func (d *depot) ask(t *testing.T, kind, form string, lines ...string) (string, granted) {
	t.Helper()
	g := send(t, http.MethodPost, d.Node.URL+"/oauth/"+kind, form, lines...)
	if g.status == http.StatusOK {
		return "200", g
	}
	if g.access != "" || strings.Contains(g.body, "eyJ") {
		t.Errorf("a refusal with a token: %s", g.body)
	}
	return strings.TrimSpace(fmt.Sprint(g.status, " ", g.member("error"))), g
}

// Machines and the token service, at one gateway.
func TestDepot(t *testing.T) {
	d := startDepot(t)
	t.Run("assertions", func(t *testing.T) { testAssertions(t, d) })
	t.Run("narrow", func(t *testing.T) { testNarrow(t, d) })
	t.Run("metadata", func(t *testing.T) { testMetadataPaths(t, d) })
}

// What a machine's assertion must be (RFC 7523 §3), by one difference each.
func testAssertions(t *testing.T, d *depot) {
	t.Helper()
	now := time.Now().Unix()
	const good, bad = "200", "401 invalid_client"
	for name, test := range map[string]struct {
		differ map[string]any
		want   string
	}{
		"the issuer in a list": {map[string]any{"aud": []string{d.issuer}}, good}, "the token endpoint": {map[string]any{"aud": d.Node.URL + "/oauth/token"}, good},
		"a slash behind":    {map[string]any{"aud": d.issuer + "/"}, bad},
		"the issuer's host": {map[string]any{"aud": d.Node.URL}, bad},
		"a path below":      {map[string]any{"aud": d.issuer + "/a"}, bad},
		"another case":      {map[string]any{"aud": strings.ToUpper(d.issuer)}, bad},
		"another endpoint":  {map[string]any{"aud": d.Node.URL + "/oauth/revoke"}, bad},
		"a resource":        {map[string]any{"aud": orders}, bad},
		"the application":   {map[string]any{"aud": "depot"}, bad},
		"another too":       {map[string]any{"aud": []string{d.issuer, "https://other.test"}}, bad},
		"no audience":       {map[string]any{"aud": nil}, bad},
		"nobody":            {map[string]any{"aud": []string{}}, bad},
		"an empty audience": {map[string]any{"aud": ""}, bad},
		"a number":          {map[string]any{"aud": 7}, bad},
		"a list in a list":  {map[string]any{"aud": [][]string{{d.issuer}}}, bad},

		"no end": {map[string]any{"exp": nil}, bad}, "ended": {map[string]any{"exp": now - 60}, bad}, "a text": {map[string]any{"exp": fmt.Sprint(now + 60)}, bad},
		"far away": {map[string]any{"exp": now + 3600}, bad}, "for ever": {map[string]any{"exp": 1e300}, bad}, "negative": {map[string]any{"exp": -1}, bad},
		"nine minutes": {map[string]any{"exp": now + 540}, good}, "just ended": {map[string]any{"exp": now - 5}, good},
		"not yet": {map[string]any{"nbf": now + 300}, bad}, "made tomorrow": {map[string]any{"iat": now + 300}, bad}, "no iat": {map[string]any{"iat": nil}, good},

		"no jti": {map[string]any{"jti": nil}, bad}, "an empty jti": {map[string]any{"jti": ""}, bad}, "a jti of another kind": {map[string]any{"jti": 7}, bad},

		"no iss": {map[string]any{"iss": nil}, bad}, "no sub": {map[string]any{"sub": nil}, bad}, "iss of another": {map[string]any{"iss": "depot|both"}, bad},
		"sub of another": {map[string]any{"sub": "depot|both"}, bad}, "both of another": {map[string]any{"iss": "depot|both", "sub": "depot|both"}, bad},
		"the application alone": {map[string]any{"iss": "depot", "sub": "depot"}, bad}, "no key": {map[string]any{"iss": "depot|ann", "sub": "depot|ann"}, bad},
		"nobody's": {map[string]any{"iss": "depot|nobody", "sub": "depot|nobody"}, bad}, "another application": {map[string]any{"iss": "anchor|robot", "sub": "anchor|robot"}, bad},
		"the issuer as iss": {map[string]any{"iss": d.issuer}, bad}, "the user alone": {map[string]any{"iss": "robot", "sub": "robot"}, bad},
		"a user's case": {map[string]any{"iss": "depot|Robot", "sub": "depot|Robot"}, bad}, "one more": {map[string]any{"iss": "depot|robot|", "sub": "depot|robot|"}, bad},
	} {
		if got, g := d.ask(t, "token", byAssertion(d.robot(t, test.differ))); got != test.want {
			t.Errorf("%s: %s %s, want %s", name, got, g.body, test.want)
		}
	}
	claims := func() map[string]any { return d.claims("depot|robot", nil) }
	both := func() map[string]any { return d.claims("depot|both", nil) }
	header := func(pairs ...any) map[string]any {
		return map[string]any{pairs[0].(string): pairs[1]}
	}
	ec, other, ed := jwttest.ECKey(elliptic.P256()), jwttest.OtherECKey(elliptic.P256()), jwttest.Ed25519Key()
	session := mustLogin(t, d.Node, "depot", "ann")
	for name, test := range map[string]struct{ assertion, want string }{
		"none":                    {jwttest.Sign(t, "none", nil, nil, claims()), bad},
		"HS256 by the PEM":        {jwttest.Sign(t, "HS256", jwttest.PublicPEM(robotKey()), nil, claims()), bad},
		"HS256 by the secret":     {jwttest.Sign(t, "HS256", depotSecret, nil, claims()), bad},
		"another key":             {jwttest.Sign(t, "ES256", other, nil, claims()), bad},
		"RS256":                   {jwttest.Sign(t, "RS256", jwttest.RSAKey(2048), nil, claims()), bad},
		"its own key in it":       {jwttest.Sign(t, "ES256", other, header("jwk", jwttest.NewJWK("x", other)), claims()), bad},
		"its own key elsewhere":   {jwttest.Sign(t, "ES256", other, header("jku", "http://127.0.0.1:1/"), claims()), bad},
		"crit":                    {jwttest.Sign(t, "ES256", ec, header("crit", []string{"exp"}), claims()), bad},
		"typ JWT":                 {jwttest.Sign(t, "ES256", ec, header("typ", "JWT"), claims()), good},
		"typ of an assertion":     {jwttest.Sign(t, "ES256", ec, header("typ", "client-authentication+jwt"), claims()), good},
		"typ of an access token":  {jwttest.Sign(t, "ES256", ec, header("typ", "at+jwt"), claims()), bad},
		"typ of a proof":          {jwttest.Sign(t, "ES256", ec, header("typ", "dpop+jwt"), claims()), bad},
		"cut off":                 {jwttest.Sign(t, "ES256", ec, nil, claims())[:80], bad},
		"not a token":             {"x", bad},
		"an access token":         {session.access, bad},
		"a refresh token":         {session.refresh, bad},
		"of two keys":             {jwttest.Sign(t, "ES256", other, header("kid", "e"), both()), good},
		"EdDSA":                   {jwttest.Sign(t, "EdDSA", ed, header("kid", "o"), both()), good},
		"Ed25519, not listed":     {jwttest.Sign(t, "Ed25519", ed, header("kid", "o"), both()), bad},
		"the other's kid":         {jwttest.Sign(t, "EdDSA", ed, header("kid", "e"), both()), bad},
		"no such kid":             {jwttest.Sign(t, "ES256", other, header("kid", "x"), both()), bad},
		"the robot's key":         {jwttest.Sign(t, "ES256", ec, header("kid", "e"), both()), bad},
		"a set that is not there": {jwttest.Sign(t, "ES256", ec, nil, d.claims("depot|lost", nil)), "503 temporarily_unavailable"},
	} {
		if got, g := d.ask(t, "token", byAssertion(test.assertion)); got != test.want {
			t.Errorf("%s: %s %s, want %s", name, got, g.body, test.want)
		}
	}
	const kind = "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
	for name, test := range map[string]struct {
		form, want string
		lines      []string
	}{
		"another type":      {"grant_type=client_credentials&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:saml2-bearer&client_assertion=" + d.robot(t, nil), "400 401", nil},
		"no type":           {"grant_type=client_credentials&client_assertion=" + d.robot(t, nil), "400 401", nil},
		"no assertion":      {"grant_type=client_credentials&" + kind, "400 401", nil},
		"empty":             {"grant_type=client_credentials&" + kind + "&client_assertion=", "400 401", nil},
		"its client_id":     {byAssertion(d.robot(t, nil), "client_id", "depot|robot"), "200", nil},
		"another client_id": {byAssertion(d.robot(t, nil), "client_id", "depot|both"), "400 401", nil},
		"another app":       {byAssertion(d.robot(t, nil), "client_id", "anchor"), "400 401", nil},
		"Basic too":         {byAssertion(d.robot(t, nil)), "400 401", []string{"Authorization: Basic " + basic("depot%7Cann:"+rightPassword)}},
		"client_secret too": {byAssertion(d.robot(t, nil), "client_secret", "x"), "400 401", nil},
		"a password too":    {passwordForm("depot", "ann", rightPassword) + "&" + kind + "&client_assertion=" + d.robot(t, nil), "400 401", nil},
		"as another grant":  {"grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=" + d.robot(t, nil), "400", nil},
		"two grants":        {byAssertion(d.robot(t, nil), "grant_type", "password"), "400", nil},
		"as JSON":           {`{"grant_type":"client_credentials"}`, "400 415", []string{"Content-Type: application/json"}},
		"no grant":          {kind + "&client_assertion=" + d.robot(t, nil), "400", nil},
	} {
		got, g := d.ask(t, "token", test.form, test.lines...)
		if status, _, _ := strings.Cut(got, " "); !strings.Contains(" "+test.want+" ", " "+status+" ") {
			t.Errorf("%s: %s %s, want %s", name, got, g.body, test.want)
		}
	}
	inQuery := send(t, http.MethodPost, d.Node.URL+"/oauth/token?"+byAssertion(d.robot(t, nil)), "")
	if get := send(t, http.MethodGet, d.Node.URL+"/oauth/token?"+byAssertion(d.robot(t, nil)), ""); inQuery.status == 200 || get.status != 405 {
		t.Errorf("in the query: %d %s; by GET: %d", inQuery.status, inQuery.body, get.status)
	}

	// Good once: also when it has just ended, at another endpoint, and at once.
	for name, differ := range map[string]map[string]any{"fresh": nil, "just ended": {"exp": now - 5}} {
		assertion := d.robot(t, differ)
		first, _ := d.ask(t, "token", byAssertion(assertion))
		for _, kind := range []string{"token", "introspect", "revoke"} {
			if got, g := d.ask(t, kind, byAssertion(assertion, "token", session.access)); first != good || got != bad {
				t.Errorf("%s: %s, and again at %s: %s %s", name, first, kind, got, g.body)
			}
		}
	}
	raced := byAssertion(d.robot(t, map[string]any{"exp": now + 5}))
	if got := atOnce(t, 20, func(int) (granted, error) { return direct(d.Node.URL+"/oauth/token", raced) }); got[200] != 1 {
		t.Errorf("one assertion at once: %v", got)
	}

	// Who knows a machine's name cannot shut it out: no number of guesses finds a key.
	for range 30 {
		d.ask(t, "token", byAssertion(jwttest.Sign(t, "ES256", other, nil, claims())))
	}
	if got, g := d.ask(t, "token", byAssertion(d.robot(t, nil))); got != good {
		t.Errorf("behind 30 forged assertions the machine gets %s %s", got, g.body)
	}
}
