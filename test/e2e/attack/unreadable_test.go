package attack

import (
	"fmt"
	"strings"
	"testing"

	"apinto-jwt/test/e2e/rig"
)

// Bodies that common parsers read and the driver does not: an unverified token must not go to the upstream in them, beside a good
// one in Authorization.
func TestSecondTokenInUnreadableBody(t *testing.T) {
	e := secondRoutes(t)
	shop, bad := rig.FilterToken(t, "shop", nil), rig.FilterToken(t, "nobody", nil)
	good := "Authorization: Bearer " + shop + "\r\n"
	post := func(method, kind, body string) string {
		return fmt.Sprintf("%s PATH HTTP/1.1\r\nHost: h\r\n%sContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", method, good, kind, len(body), body)
	}
	json := "application/json"
	secondNever(t, e, bad, map[string]string{
		"JSON twice":                   post("POST", json, `{"token":"17","token":"`+bad+`"}`),
		"JSON twice, first":            post("POST", json, `{"token":"`+bad+`","token":"17"}`),
		"JSON twice, both":             post("POST", json, `{"token":"`+bad+`","token":"`+bad+`"}`),
		"JSON and more":                post("POST", json, `{"token":"`+bad+`"} {}`),
		"JSON with BOM":                post("POST", json, "\ufeff"+`{"token":"`+bad+`"}`),
		"JSON cut off":                 post("POST", json, `{"token":"`+bad+`"`),
		"JSON twice elsewhere":         post("POST", json, `{"a":1,"a":2,"token":"`+bad+`"}`),
		"JSON, bad UTF-8 elsewhere":    post("POST", json, "{\"a\":\"\xff\",\"token\":\""+bad+"\"}"),
		"JSON, half a surrogate":       post("POST", json, `{"a":"\ud800","token":"`+bad+`"}`),
		"JSON, deep elsewhere":         post("POST", json, `{"a":`+strings.Repeat("[", 100)+strings.Repeat("]", 100)+`,"token":"`+bad+`"}`),
		"JSON, huge number":            post("POST", json, `{"a":1e999,"token":"`+bad+`"}`),
		"form, bad escape elsewhere":   post("POST", "application/x-www-form-urlencoded", "a=%zz&token="+bad),
		"form, semicolon elsewhere":    post("POST", "application/x-www-form-urlencoded", "a=1;b=2&token="+bad),
		"form, bad escape in the name": post("POST", "application/x-www-form-urlencoded", "token="+bad+"&%"),
		"multipart, no end":            post("POST", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n"+bad+"\r\n"),
		"multipart, LF":                post("POST", "multipart/form-data; boundary=b", "--b\nContent-Disposition: form-data; name=\"token\"\n\n"+bad+"\n--b--\n"),
		"multipart, prologue":          post("POST", "multipart/form-data; boundary=b", "hello\r\n--b\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n"+bad+"\r\n--b--\r\n"),
		"multipart, base64 elsewhere":  post("POST", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"x\"\r\nContent-Transfer-Encoding: base64\r\n\r\n???\r\n--b\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n"+bad+"\r\n--b--\r\n"),
	})
}
