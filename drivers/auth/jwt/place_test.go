package jwt

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/host"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/rule"
)

// extraction is a request with tokens in it, what comes of it, and what the upstream gets when the token is hidden.
// {ann} and {bob} stand for tokens of two users, {ff} for a byte that is no UTF-8. Lines end in "\n".
type extraction struct {
	Name      string
	Position  string
	TokenName string `json:"token_name"`
	Request   string
	Want      string // "ann", "bob", a reason, or "none"
	Hidden    string // The request without the token; empty if it is as it came.
}

// tokens fills in the tokens.
func tokens(t testing.TB) *strings.Replacer {
	t.Helper()
	return strings.NewReplacer("{ann}", ann(t), "{bob}", tokenOf(t, secretA, claims{"sub": "bob"}), "{ff}", "\xff")
}

// Every way to write a token at a location, and what is none: testdata/locations has the requests, by kind of location.
func TestLocations(t *testing.T) {
	files, err := filepath.Glob("testdata/locations/*.json")
	if err != nil || len(files) != 5 {
		t.Fatalf("%v in %q", err, files)
	}
	fill := tokens(t)
	for _, file := range files {
		text, err := os.ReadFile(file)
		must.Succeed(t, err)
		var list []extraction
		must.Succeed(t, json.Unmarshal(text, &list))
		for _, x := range list {
			request, hidden := fill.Replace(x.Request), fill.Replace(cmp.Or(x.Hidden, x.Request))
			t.Run(fmt.Sprintf("%s %s: %s", x.Position, x.TokenName, x.Name), func(t *testing.T) { x.put(t, request, request, false) })
			t.Run(fmt.Sprintf("%s %s: %s, hidden", x.Position, x.TokenName, x.Name), func(t *testing.T) { x.put(t, request, hidden, true) })
		}
	}
}

// put puts the request to a rule at the location, with users whose token is shown to the upstream, or hidden.
func (x extraction) put(t *testing.T, request, upstream string, hide bool) {
	t.Helper()
	k := newKit(t)
	users := usersJSON("ann", "bob")
	if hide {
		users = strings.ReplaceAll(users, `}}`, `},"hide_credential":true}`)
	}
	list := k.bind(appOf("a"), entry{position: x.Position, name: x.TokenName, users: users})
	ctx := host.Context(t, request)
	want := x.Want
	if want == "ann" || want == "bob" {
		want += " of a@app"
	}
	if got := answer(ctx, list...); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	sameUpstream(t, ctx, host.Context(t, upstream))
}

// sameUpstream reports whether two requests are the same to the upstream, byte for byte but for the order of headers
// of different names, which says nothing (RFC 9110 §5.3).
func sameUpstream(t *testing.T, got, want http_service.IHttpContext) {
	t.Helper()
	if got, want := byHeaderName(host.Upstream(t, got)), byHeaderName(host.Upstream(t, want)); got != want {
		t.Errorf("the upstream gets\n%q\nwant\n%q", got, want)
	}
}

// byHeaderName sorts a request's headers by name; those of one name keep their order.
func byHeaderName(request string) string {
	head, body, _ := strings.Cut(request, "\r\n\r\n")
	lines := strings.Split(head, "\r\n")
	slices.SortStableFunc(lines[1:], func(a, b string) int {
		nameA, _, _ := strings.Cut(a, ":")
		nameB, _, _ := strings.Cut(b, ":")
		return strings.Compare(nameA, nameB)
	})
	return strings.Join(lines, "\r\n") + "\r\n\r\n" + body
}

// get is the text of a GET request with these header lines.
func get(lines ...string) string {
	return "GET /path HTTP/1.1\nHost: a\n" + strings.Join(append(lines, ""), "\n") + "\n"
}

// getQuery is the text of a GET request with this query.
func getQuery(query string) string { return "GET /path?" + query + " HTTP/1.1\nHost: a\n\n" }

// post is the text of a POST request with a body, and further header lines.
func post(contentType, body string, lines ...string) string {
	return "POST /path?q=1 HTTP/1.1\nHost: a\nContent-Type: " + contentType + "\n" +
		strings.Join(append(lines, ""), "\n") + "\n" + body
}

func TestPlaces(t *testing.T) {
	tests := []struct {
		name, position, tokenName string
		want                      rule.Location
	}{
		{"nothing", "", "", rule.Authorization()},
		{"a name without a position", "", "X-Token", rule.Authorization()},
		{"header", "header", "X-Token", rule.Location{Position: "header", Name: "X-Token"}},
		{"header in lower case", "header", "x-token", rule.Location{Position: "header", Name: "X-Token"}},
		{"header with blanks", "header", " x-token ", rule.Location{Position: "header", Name: "X-Token"}},
		{"header without a name", "header", "", rule.Authorization()},
		{"authorization", "header", "AUTHORIZATION", rule.Authorization()},
		{"query", "query", "jwt", rule.Location{Position: "query", Name: "jwt"}},
		{"query keeps its case", "query", "JWT", rule.Location{Position: "query", Name: "JWT"}},
		{"body", "body", "jwt", rule.Location{Position: "body", Name: "jwt"}},
		{"path", "body", "$.a.b", rule.Location{Position: "body", Name: "$.a.b"}},
	}
	k := newKit(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := k.make(entry{position: test.position, name: test.tokenName}).rule.Locations; len(got) != 1 || got[0] != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// A request that is refused goes to nobody, but an anonymous application may let it pass: then it is as it came.
func TestRefusedRequestIsLeftAlone(t *testing.T) {
	other := tokenOf(t, secretB, claims{"sub": "ann"})
	for _, x := range []struct{ position, name, request string }{
		{"header", "Authorization", get("Authorization: Bearer " + other)},
		{"query", "jwt", getQuery("a=%7e&jwt=" + other + "&b")},
		{"body", "jwt", post("application/json", `{"jwt":"`+other+`" , "a":1}`)},
		{"body", "jwt", post("application/x-www-form-urlencoded", `a=%7e&jwt=`+other+`&b`)},
		{"body", "jwt", post("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=jwt\r\n\r\n"+other+"\r\n--b--\r\n")},
	} {
		t.Run(x.position+" "+x.request[:12], func(t *testing.T) {
			k := newKit(t)
			users := `[{"pattern":{"username":"ann"},"hide_credential":true}]`
			list := k.bind(appOf("a"), entry{position: x.position, name: x.name, users: users})
			ctx := host.Context(t, x.request)
			if got := answer(ctx, list...); got != "signature_invalid" {
				t.Errorf("got %s", got)
			}
			sameUpstream(t, ctx, host.Context(t, x.request))
		})
	}
}

// A token at one place says nothing about a rule that looks at another.
func TestTokenAtAnotherPlace(t *testing.T) {
	fill := tokens(t)
	requests := map[string]string{
		"header": get("X-Token: {ann}"),
		"query":  getQuery("X-Token={ann}"),
		"body":   post("application/json", `{"X-Token":"{ann}"}`),
	}
	for position := range requests {
		k := newKit(t)
		list := k.bind(appOf("a"), entry{position: position, name: "X-Token"})
		for where, request := range requests {
			want := "none"
			if where == position {
				want = "ann of a@app"
			}
			if got := answer(host.Context(t, fill.Replace(request)), list...); got != want {
				t.Errorf("the rule looks at the %s, the token is in the %s: got %s, want %s", position, where, got, want)
			}
		}
	}
}

// A request has one token (RFC 6750 §2), whatever the places and whichever is good; what has not its form is none.
func TestOneToken(t *testing.T) {
	k := newKit(t)
	users := usersJSON("ann", "bob")
	list := k.bind(appOf("a"),
		entry{position: "body", name: "jwt", users: users},
		entry{position: "query", name: "jwt", users: users},
		entry{position: "header", name: "X-Token", users: users})
	tests := []struct {
		name, header, query, body, want string
	}{
		{"header and query", "{ann}", "{bob}", "", "token_malformed"},
		{"header and body", "{ann}", "", "{bob}", "token_malformed"},
		{"query and body", "", "{ann}", "{bob}", "token_malformed"},
		{"header, the others the same", "{ann}", "{ann}", "{ann}", "ann of a@app"},
		{"header", "{ann}", "", "", "ann of a@app"},
		{"query", "", "{ann}", "", "ann of a@app"},
		{"body", "", "", "{ann}", "ann of a@app"},
		{"a bad header before a good query", "x.y.z", "{ann}", "", "token_malformed"},
		{"a bad header before a good body", "x.y.z", "", "{ann}", "token_malformed"},
		{"a bad query before a good body", "", "x.y.z", "{ann}", "token_malformed"},
		{"a good header before a bad body", "{ann}", "", "{ann}x", "token_malformed"},
		{"a good header before an unsigned body", "{ann}", "", "{unsigned}", "token_malformed"},
		{"other credentials before a good body", "key-1", "key.2", "{ann}", "ann of a@app"},
		{"other credentials behind a good header", "{ann}", "key-1", "key.2", "ann of a@app"},
		{"other credentials beside a bad token", "key-1", "{ann}x", "y", "signature_invalid"},
		{"other credentials alone", "key-1", "", "y", "token_malformed"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text := "POST /?jwt={query} HTTP/1.1\nHost: a\nX-Token: {header}\nContent-Type: application/x-www-form-urlencoded\n\njwt={body}"
			unsigned := jwttest.Sign(t, "none", nil, nil, claims{"sub": "bob"})
			text = strings.NewReplacer("{query}", test.query, "{header}", test.header, "{body}", test.body).Replace(text)
			text = strings.ReplaceAll(text, "{unsigned}", unsigned)
			text = strings.ReplaceAll(text, "X-Token: \n", "")
			if got := answer(host.Context(t, tokens(t).Replace(text)), list...); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// A token that stands at several places is hidden at all of them, also at those that only another rule looks at. What is
// none goes on.
func TestEveryCopyIsHidden(t *testing.T) {
	for _, place := range []struct{ position, name string }{{"header", "X-Token"}, {"query", "q"}, {"body", "jwt"}} {
		k := newKit(t)
		list := k.bind(appOf("a"), entry{position: place.position, name: place.name, users: hiddenAnn})
		list = append(list, k.bind(appOf("b"),
			entry{position: "header", name: "X-Token", config: secretRule(secretB)},
			entry{position: "query", name: "q", config: secretRule(secretB)},
			entry{position: "body", name: "jwt", config: secretRule(secretB)},
			entry{position: "header", name: "X-Other", config: ruleJSON("secret", quote(secretB), "cookie_name", `"sid"`)})...)
		const form = "application/x-www-form-urlencoded"
		text := strings.Replace(post(form, "a=1&jwt={ann}", "X-Token: {ann}", "X-Other: DPoP {ann}", "Cookie: sid={ann}; b=2"), "q=1", "q={ann}&c=3", 1)
		ctx := host.Context(t, tokens(t).Replace(text))
		if got := answer(ctx, list...); got != "ann of a@app" {
			t.Fatalf("%v: got %s", place, got)
		}
		sameUpstream(t, ctx, host.Context(t, strings.Replace(post(form, "a=1", "Cookie: b=2"), "q=1", "c=3", 1)))

		text = strings.NewReplacer("X-Other: DPoP {ann}", "X-Other: Basic YTpi", "sid={ann}", "sid=key").Replace(text)
		ctx = host.Context(t, tokens(t).Replace(text))
		if got := answer(ctx, list...); got != "ann of a@app" {
			t.Fatalf("%v, beside others: got %s", place, got)
		}
		sameUpstream(t, ctx, host.Context(t, strings.Replace(post(form, "a=1", "X-Other: Basic YTpi", "Cookie: sid=key; b=2"), "q=1", "c=3", 1)))
	}
}

// A body is looked into for a second token wherever it stands, and reaches the upstream as it came.
func TestSecondTokenInABody(t *testing.T) {
	k := newKit(t)
	list := k.bind(appOf("a"), entry{}, entry{position: "body", name: "jwt", config: secretRule(secretB)})
	pad := strings.Repeat("x", 20_000)
	for name, test := range map[string]struct{ contentType, body, want string }{
		"form":            {"application/x-www-form-urlencoded", "a=" + pad + "&jwt={bob}", "token_malformed"},
		"form, the same":  {"application/x-www-form-urlencoded", "a=" + pad + "&jwt={ann}", "ann of a@app"},
		"form, an ID":     {"application/x-www-form-urlencoded", "a=" + pad + "&jwt=17", "ann of a@app"},
		"JSON":            {"application/json", `{"a":"` + pad + `","jwt":"{bob}"}`, "token_malformed"},
		"JSON, none":      {"application/json", `{"a":"` + pad + `"}`, "ann of a@app"},
		"multipart":       {"multipart/form-data; boundary=b0", multipartBody("b0", field("a", pad), field("jwt", "{bob}")), "token_malformed"},
		"multipart, none": {"multipart/form-data; boundary=b0", multipartBody("b0", field("a", pad)), "ann of a@app"},
		"plain text":      {"text/plain", "jwt={bob}" + pad, "ann of a@app"},
	} {
		for _, inChunks := range []bool{false, true} {
			body := tokens(t).Replace(test.body)
			lines := []string{"Authorization: Bearer " + ann(t)}
			text := body
			if inChunks {
				text, lines = chunked(body, 777), append(lines, "Transfer-Encoding: chunked")
			}
			ctx := host.Context(t, post(test.contentType, text, lines...))
			if got := answer(ctx, list...); got != test.want {
				t.Errorf("%s, in chunks %t: got %s, want %s", name, inChunks, got, test.want)
			} else if test.want == "ann of a@app" && !strings.HasSuffix(host.Upstream(t, ctx), "\r\n\r\n"+body) {
				t.Errorf("%s, in chunks %t: the upstream gets another body", name, inChunks)
			}
		}
	}
}
