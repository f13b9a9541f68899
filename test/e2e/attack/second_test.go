package attack

import (
	"fmt"
	"strings"
	"testing"

	"apinto-jwt/test/e2e/rig"
)

// secondRoutes makes applications that look at several places, and routes for each way to authenticate.
func secondRoutes(t *testing.T) *rig.Filter {
	t.Helper()
	e := rig.SharedFilter(t)
	asked := rig.FilterApp("accq")
	asked.Auth[0].Position, asked.Auth[0].TokenName = "query", "accq"
	e.Add(t, asked)
	crumb := rig.FilterApp("accc")
	crumb.Auth[0].TokenName, crumb.Auth[0].Config["cookie_name"] = "X-Accc", "accc"
	e.Add(t, crumb)
	e.MustPut(t, rig.WithFilter("a-second", map[string]any{}, true))
	e.MustPut(t, rig.WithFilter("a-second-open", map[string]any{"required": false}, false))
	e.MustPut(t, rig.Route{Name: "a-second-app", Plugins: map[string]any{}})
	e.Settles(t, "a-second", rig.InQuery("accq", rig.FilterToken(t, "accq", nil)), "upstream")
	e.Settles(t, "a-second", rig.InHeader("Cookie", "accc="+rig.FilterToken(t, "accc", nil)), "upstream")
	e.Settles(t, "a-second-app", rig.Bearer(rig.FilterToken(t, "shop", nil)), "upstream")
	e.Settles(t, "a-second-open", rig.Bearer(rig.FilterToken(t, "shop", nil)), "upstream")
	return e
}

// secondNever sends requests with a good token and an unverified one: that never goes to the upstream.
func secondNever(t *testing.T, e *rig.Filter, bad string, cases map[string]string) {
	t.Helper()
	_, rest, _ := strings.Cut(bad, ".")
	for name, text := range cases {
		for _, where := range []string{"a-second", "a-second-open", "a-second-app"} {
			path := rig.NewPath("/" + where + "/")
			status, _ := e.Ask(t, strings.Replace(text, "PATH", path, 1))
			for _, seen := range e.Upstream.Seen(path) {
				if strings.Contains(strings.ReplaceAll(seen.Text(), "%2E", "."), rest) {
					t.Errorf("%s at %s: %d, the upstream gets the unverified token", name, where, status)
				}
			}
			if status != 100 && status != 400 && status != 401 { // 100: Ask reads no further
				t.Errorf("%s at %s: status %d", name, where, status)
			}
		}
	}
}

// A good token in one place, and an unverified one behind or beside something else in another: it never goes to the upstream.
func TestSecondToken(t *testing.T) {
	e := secondRoutes(t)
	shop, bad := rig.FilterToken(t, "shop", nil), rig.FilterToken(t, "nobody", nil)
	good := "Authorization: Bearer " + shop + "\r\n"
	h, rest, _ := strings.Cut(bad, ".")
	get := func(target, headers string) string {
		return "GET PATH" + target + " HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n"
	}
	post := func(method, kind, body string) string {
		return fmt.Sprintf("%s PATH HTTP/1.1\r\nHost: h\r\n%sContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", method, good, kind, len(body), body)
	}
	form, json := "application/x-www-form-urlencoded", "application/json"
	cases := map[string]string{
		"key first in header":     get("", good+"X-Accc: key-17\r\nX-Accc: "+bad+"\r\n"),
		"empty first in header":   get("", good+"X-Accc:\r\nX-Accc: "+bad+"\r\n"),
		"Basic before Bearer":     get("", "X-Accc: "+rig.FilterToken(t, "accc", nil)+"\r\nAuthorization: Basic YTpi\r\nAuthorization: Bearer "+bad+"\r\n"),
		"key first in query":      get("?accq=17&accq="+bad, good),
		"empty first in query":    get("?accq=&accq="+bad, good),
		"no value first in query": get("?accq&accq="+bad, good),
		"key first in cookie":     get("", good+"Cookie: accc=17; accc="+bad+"\r\n"),
		"empty first in cookie":   get("", good+"Cookie: accc=; accc="+bad+"\r\n"),
		"second Cookie header":    get("", good+"Cookie: accc=17\r\nCookie: accc="+bad+"\r\n"),
		"key first in form":       post("POST", form, "token=17&token="+bad),
		"PUT":                     post("PUT", form, "token="+bad),
		"PATCH":                   post("PATCH", json, `{"token":"`+bad+`"}`),
		"DELETE":                  post("DELETE", json, `{"token":"`+bad+`"}`),
		"OPTIONS":                 post("OPTIONS", form, "token="+bad),
		"JSON other case":         post("POST", json, `{"x":1, "token" : "`+bad+`"}`),
		"JSON text, blanks":       post("POST", json, "\n\t {\"token\"\n:\t\" "+bad+" \"}\n"),
		"JSON, charset":           post("POST", "application/json;charset=UTF-8", `{"token":"`+bad+`"}`),
		"form, blank before ;":    post("POST", form+" ; charset=x", "token="+bad),
		"identity":                "POST PATH HTTP/1.1\r\nHost: h\r\n" + good + "Content-Encoding: identity\r\nContent-Type: " + form + fmt.Sprintf("\r\nContent-Length: %d\r\n\r\ntoken=%s", len(bad)+6, bad),
		"two types":               "POST PATH HTTP/1.1\r\nHost: h\r\n" + good + "Content-Type: text/plain\r\nContent-Type: " + form + fmt.Sprintf("\r\nContent-Length: %d\r\n\r\ntoken=%s", len(bad)+6, bad),
		"chunked form":            "POST PATH HTTP/1.1\r\nHost: h\r\n" + good + "Transfer-Encoding: chunked\r\nContent-Type: " + form + fmt.Sprintf("\r\n\r\n%x\r\ntoken=%s\r\n0\r\nX-T: a\r\n\r\n", len(bad)+6, bad),
		"expected form":           "POST PATH HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n" + good + "Content-Type: " + form + fmt.Sprintf("\r\nContent-Length: %d\r\n\r\ntoken=%s", len(bad)+6, bad),
		"multipart, quoted":       post("POST", "multipart/form-data; boundary=\"b\"", "--b\r\ncontent-disposition: form-data; NAME=\"token\"\r\n\r\n"+bad+"\r\n--b--\r\n"),
		"five parts":              get("?accq="+bad+".a.b", good),
		"four parts":              get("?accq="+bad+".a", good),
		"padded":                  get("?accq="+h+"==."+rest, good),
		"quoted":                  get("", good+"X-Accc: Bearer \""+bad+"\"\r\n"),
		"quoted cookie":           get("", good+"Cookie: accc=\""+bad+"\"\r\n"),
		"comma behind":            get("", good+"X-Accc: "+bad+",\r\n"),
		"Bearer twice":            get("", good+"X-Accc: Bearer  bearer\t"+bad+"\r\n"),
		"scheme with comma":       get("", good+"X-Accc: Basic YTpi, Bearer "+bad+"\r\n"),
		"scheme with parameter":   get("", good+"X-Accc: Token token="+bad+"\r\n"),
		"blank before token":      get("?accq=%20"+bad, good),
		"tab behind token":        get("?accq="+bad+"%09", good),
		"Bearer+ in query":        get("?accq=Bearer+"+bad, good),
		"query in absolute form":  "GET http://h" + "PATH?accq=" + bad + " HTTP/1.1\r\nHost: h\r\n" + good + "\r\n",
		"query with bad escape":   get("?x=%zz&accq="+bad, good),
	}
	secondNever(t, e, bad, cases)
}
