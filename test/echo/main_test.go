package main

import (
	"io"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestEcho(t *testing.T) {
	request := httptest.NewRequest("POST", "/orders?n=1", strings.NewReader("a body"))
	request.Header.Set("X-User", "ann")
	answer := httptest.NewRecorder()
	echo(answer, request)
	body, err := io.ReadAll(answer.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"POST /orders?n=1 HTTP/1.1\r\n", "X-User: ann\r\n", "\r\n\r\na body"} {
		if !strings.Contains(string(body), part) {
			t.Errorf("%q is not in %q", part, body)
		}
	}
}
