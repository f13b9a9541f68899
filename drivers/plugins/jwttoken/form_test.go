package jwttoken

import (
	"fmt"
	"strings"
	"testing"
)

// What is no form is refused, and so is what is too large, whether its length is told or not.
func TestFormRefusals(t *testing.T) {
	r := newRig(t)
	long := "grant_type=password&password=" + strings.Repeat("x", maxForm)
	for _, tt := range []struct {
		name, method, body, want string
		headers                  []string
	}{
		{"GET", "GET", "", "405 invalid_request", nil},
		{"JSON", "POST", `{"grant_type":"password"}`, "400 invalid_request", []string{"Content-Type: application/json"}},
		{"bad escape", "POST", "grant_type=%zz", "400 invalid_request", []string{formType}},
		{"too large", "POST", long, "413 invalid_request", []string{formType}},
		{"too large, chunked", "POST", fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(long), long), "413 invalid_request", []string{formType, "Transfer-Encoding: chunked"}},
		{"parameters in the query are none", "POST", "x=y", "400 invalid_request", []string{formType}},
	} {
		if a := r.call("token", tt.method, tt.body, tt.headers...); a.code() != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, a.code(), tt.want)
		}
	}
}

// Each endpoint has its methods, reads a form and nothing else, and nothing of the query.
func TestEndpointsRefuse(t *testing.T) {
	r := newRig(t)
	form := "grant_type=password&client_id=shop&username=ann&password=" + strings.ReplaceAll(secret, " ", "+") + "&token=x"
	long := form + "&more=" + strings.Repeat("x", maxForm)
	for _, kind := range []string{"token", "revoke", "introspect"} {
		for _, method := range []string{"GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"} {
			if a := r.call(kind, method, "", formType); a.status != 405 || a.headers["allow"] != "POST" || a.headers["cache-control"] != "no-store" {
				t.Errorf("%s %s: %d %v", method, kind, a.status, a.headers)
			}
		}
		for _, tt := range []struct {
			name, body, want string
			headers          []string
		}{
			{"no type", form, "400 invalid_request", nil},
			{"text", form, "400 invalid_request", []string{"Content-Type: text/plain"}},
			{"JSON", `{"grant_type":"password"}`, "400 invalid_request", []string{"Content-Type: application/json"}},
			{"parts", "--b\r\n\r\n--b--", "400 invalid_request", []string{"Content-Type: multipart/form-data; boundary=b"}},
			{"a parameter twice", "token=x&token=x", "400 invalid_request", []string{formType}},
			{"a parameter twice, once empty", "token=x&token=", "400 invalid_request", []string{formType}},
			{"an unknown parameter twice", form + "&a=1&a=1", "400 invalid_request", []string{formType}},
			{"a semicolon", "grant_type=password;client_id=shop", "400 invalid_request", []string{formType}},
			{"too large", long, "413 invalid_request", []string{formType}},
			{"two clients", form, "400 invalid_request", []string{formType, "Authorization: " + basic("mall", "")}},
		} {
			if a := r.call(kind, "POST", tt.body, tt.headers...); a.code() != tt.want || a.headers["cache-control"] != "no-store" {
				t.Errorf("%s, %s: got %s, want %s", kind, tt.name, a.code(), tt.want)
			}
		}
		a := r.callAt(kind, "/oauth?"+form, "POST", "", formType)
		if a.status == 200 {
			t.Errorf("%s reads the query", kind)
		}
	}
	if a := r.call("token", "POST", form, formType+"; charset=UTF-8"); a.status != 200 {
		t.Errorf("with a charset: %s", a.body)
	}
}
