package filter

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"apinto-jwt/test/e2e/rig"
)

// Two tokens in one request, in all the spellings that a hostile client has: the one that is not verified never arrives.
func TestTwoTokensInAllSpellings(t *testing.T) {
	e := rig.SharedFilter(t)
	asked := rig.FilterApp("accasked")
	asked.Auth[0].Position, asked.Auth[0].TokenName = "query", "acc jwt"
	e.Add(t, asked)
	crumb := rig.FilterApp("acccrumb")
	crumb.Auth[0].TokenName, crumb.Auth[0].Config["cookie_name"] = "x-AcMe-ToKeN", "Acc-Session"
	e.Add(t, crumb)
	deep := rig.FilterApp("accdeep")
	deep.Auth[0].Position, deep.Auth[0].TokenName = "body", "$.auth.token"
	e.Add(t, deep)
	e.MustPut(t, rig.WithFilter("a-two", map[string]any{}, true))
	e.MustPut(t, rig.WithFilter("a-two-open", map[string]any{"required": false}, false))
	e.MustPut(t, rig.Route{Name: "a-two-app", Plugins: map[string]any{}})
	shop, inq, form, cookie, json := rig.FilterToken(t, "shop", nil), rig.FilterToken(t, "accasked", nil), rig.FilterToken(t, "form", nil),
		rig.FilterToken(t, "acccrumb", nil), rig.FilterToken(t, "accdeep", nil)
	bad := rig.FilterToken(t, "nobody", nil)
	e.Settles(t, "a-two", rig.Call{Query: map[string][]string{"acc jwt": {inq}}}, "upstream")
	e.Settles(t, "a-two", rig.InHeader("Cookie", "Acc-Session="+cookie), "upstream")
	e.Settles(t, "a-two", rig.InBody("application/json", `{"auth":{"token":"`+json+`"}}`), "upstream")
	e.Settles(t, "a-two-open", rig.Bearer(shop), "upstream")
	e.Settles(t, "a-two-app", rig.Bearer(shop), "upstream")

	urlForm := "application/x-www-form-urlencoded"
	req := func(target, headers, kind, body string) string {
		method := "GET"
		if kind != "" {
			headers += "Content-Type: " + kind + "\r\n"
		}
		if body != "" {
			headers += fmt.Sprintf("Content-Length: %d\r\n", len(body))
		}
		return method + " PATH" + target + " HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n" + body
	}
	a := "Authorization: "
	part := func(name, extra, value string) string {
		return "--b\r\nContent-Disposition: form-data; name=" + name + extra + "\r\n\r\n" + value + "\r\n"
	}
	multipart := "multipart/form-data; boundary=b"
	cases := map[string]string{
		"lower scheme, query":        req("?acc+jwt="+inq, a+"bearer "+bad+"\r\n", "", ""),
		"mixed scheme, query":        req("?acc+jwt="+inq, a+"bEaReR "+bad+"\r\n", "", ""),
		"tab behind scheme":          req("?acc+jwt="+inq, a+"Bearer\t"+bad+"\r\n", "", ""),
		"many blanks":                req("?acc+jwt="+inq, a+"Bearer    "+bad+"\r\n", "", ""),
		"double Bearer":              req("?acc+jwt="+inq, a+"Bearer Bearer "+bad+"\r\n", "", ""),
		"bare":                       req("?acc+jwt="+inq, a+bad+"\r\n", "", ""),
		"another scheme":             req("?acc+jwt="+inq, a+"Token "+bad+"\r\n", "", ""),
		"scheme DPoP":                req("?acc+jwt="+inq, a+"DPoP "+bad+"\r\n", "", ""),
		"Bearer, a list":             req("?acc+jwt="+inq, a+"Bearer "+bad+", Bearer "+inq+"\r\n", "", ""),
		"two Authorization":          req("", a+"Bearer "+shop+"\r\nauthorization: Bearer "+bad+"\r\n", "", ""),
		"two Authorization, other":   req("", a+"Bearer "+bad+"\r\nAUTHORIZATION: Bearer "+shop+"\r\n", "", ""),
		"folded":                     req("?acc+jwt="+inq, a+"Bearer\r\n "+bad+"\r\n", "", ""),
		"query twice":                req("?acc+jwt="+inq+"&acc+jwt="+bad, "", "", ""),
		"query twice, bad first":     req("?acc+jwt="+bad+"&acc+jwt="+inq, "", "", ""),
		"query name percent-encoded": req("?acc%20jwt="+bad, a+"Bearer "+shop+"\r\n", "", ""),
		"query name all encoded":     req("?%61%63%63%20%6a%77%74="+bad, a+"Bearer "+shop+"\r\n", "", ""),
		"query dots encoded":         req("?acc+jwt="+strings.ReplaceAll(bad, ".", "%2e"), a+"Bearer "+shop+"\r\n", "", ""),
		"cookie twice":               req("", "Cookie: Acc-Session="+cookie+"; Acc-Session="+bad+"\r\n", "", ""),
		"cookie twice, bad first":    req("", "Cookie: Acc-Session="+bad+"; Acc-Session="+cookie+"\r\n", "", ""),
		"two Cookie headers":         req("", "Cookie: Acc-Session="+cookie+"\r\ncookie: Acc-Session="+bad+"\r\n", "", ""),
		"cookie quoted":              req("", a+"Bearer "+shop+"\r\nCookie: Acc-Session=\""+bad+"\"\r\n", "", ""),
		"cookie without blank":       req("", a+"Bearer "+shop+"\r\nCookie: a=1;Acc-Session="+bad+"\r\n", "", ""),
		"cookie, blank at name":      req("", a+"Bearer "+shop+"\r\nCookie: a=1;  Acc-Session="+bad+" ;b\r\n", "", ""),
		"header of the rule":         req("", a+"Bearer "+shop+"\r\nX-ACME-TOKEN: "+bad+"\r\n", "", ""),
		"header of the rule, small":  req("", "x-acme-token: "+cookie+"\r\nCookie: Acc-Session="+bad+"\r\n", "", ""),
		"GET with a form":            req("", a+"Bearer "+shop+"\r\n", urlForm, "token="+bad),
		"form name encoded":          req("", a+"Bearer "+shop+"\r\n", urlForm+"; charset=utf-8", "%74oken="+bad),
		"form twice":                 req("", "", urlForm, "token="+form+"&token="+bad),
		"form twice, bad first":      req("", "", urlForm, "token="+bad+"&token="+form),
		"form in capitals":           req("", a+"Bearer "+shop+"\r\n", "APPLICATION/X-WWW-Form-UrlEncoded", "token="+bad),
		"JSON":                       req("", a+"Bearer "+shop+"\r\n", "application/vnd.a+json", `{"auth":{"token":"`+bad+`"}}`),
		"JSON, escaped name":         req("", a+"Bearer "+shop+"\r\n", "application/json", `{"\u0061uth":{"tok\u0065n":"`+bad+`"}}`),
		"JSON, escaped value":        req("", a+"Bearer "+shop+"\r\n", "application/json", `{"auth":{"token":"\u0065`+bad[1:]+`"}}`),
		"JSON, two fields":           req("", "", "application/json", `{"token":"`+bad+`","auth":{"token":"`+json+`"}}`),
		"JSON, Bearer inside":        req("", a+"Bearer "+shop+"\r\n", "application/json", `{"token":"Bearer `+bad+`"}`),
		"multipart":                  req("", a+"Bearer "+shop+"\r\n", multipart, part(`"token"`, "", bad)+"--b--\r\n"),
		"multipart, twice":           req("", "", multipart, part(`"token"`, "", form)+part(`"token"`, "", bad)+"--b--\r\n"),
		"multipart, bare name":       req("", a+"Bearer "+shop+"\r\n", multipart, part(`token`, "", bad)+"--b--\r\n"),
		"multipart, name*":           req("", a+"Bearer "+shop+"\r\n", multipart, "--b\r\nContent-Disposition: form-data; name*=utf-8''token\r\n\r\n"+bad+"\r\n--b--\r\n"),
		"form and query":             req("?acc+jwt="+bad, "", urlForm, "token="+form),
	}
	for name, text := range cases {
		for _, where := range []string{"a-two", "a-two-open", "a-two-app"} {
			t.Run(name+" at "+where, func(t *testing.T) {
				path := rig.NewPath("/" + where + "/")
				status, body := e.Ask(t, strings.Replace(text, "PATH", path, 1))
				want := 400
				if where == "a-two-app" {
					want = 401
				}
				if status != want || where != "a-two-app" && !strings.Contains(body, "invalid_request") {
					t.Errorf("%d %s, want %d", status, body, want)
				}
				for _, seen := range e.Upstream.Seen(path) {
					t.Errorf("the upstream got it:\n%s", seen.Text())
				}
			})
		}
	}
}

// The same token everywhere is one token: no copy goes to the upstream if it is hidden, however it was written.
func TestEveryCopyHidden(t *testing.T) {
	e := rig.SharedFilter(t)
	app := rig.FilterApp("acccopy")
	app.Auth[0].TokenName, app.Auth[0].Config["cookie_name"] = "x-CoPy", "Copy-C"
	query := app.Auth[0]
	query.Position, query.TokenName = "query", "copy"
	body := app.Auth[0]
	body.Position, body.TokenName = "body", "copy"
	app.Auth = append(app.Auth, query, body)
	e.Add(t, app)
	e.MustPut(t, rig.WithFilter("a-copy", map[string]any{"required": false}, false))
	token := rig.FilterToken(t, "acccopy", nil)
	e.Settles(t, "a-copy", rig.InHeader("X-Copy", token), "upstream")
	encoded := strings.ReplaceAll(token, ".", "%2E")
	for name, c := range map[string]rig.Call{
		"header, mixed case": {Header: http.Header{"X-COPY": {"bEARER  " + token}, "x-copy": {token}}},
		"cookie twice":       {Header: http.Header{"Cookie": {"a=1; Copy-C=" + token + "; Copy-C=" + token, "Copy-C=" + token}}},
		"header and cookie":  {Header: http.Header{"X-Copy": {token}, "Cookie": {"Copy-C=" + token}}},
		"all and Authorization": {Header: http.Header{
			"X-Copy": {token}, "Cookie": {"Copy-C=" + token}, "Authorization": {"Bearer " + token},
			"Content-Type": {"application/x-www-form-urlencoded"},
		}, Body: []byte("copy=" + encoded + "&b=c&%63opy=" + token), Query: map[string][]string{"copy": {token, token}}},
		"JSON": {Header: http.Header{"Content-Type": {"application/json"}, "X-Copy": {token}}, Body: []byte(`{"copy":"` + token + `","b":"c"}`)},
	} {
		t.Run(name, func(t *testing.T) {
			got := e.On(t, "a-copy", c)
			if got.Said() != "upstream" {
				t.Fatal(got.Said(), got.Body)
			}
			text := strings.ReplaceAll(got.Seen[0].Text(), "%2E", ".")
			if strings.Contains(text, token) {
				t.Errorf("the upstream got the token:\n%s", text)
			}
		})
	}
}
