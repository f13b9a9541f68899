package driver

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"testing"

	"apinto-jwt/jwttest/must"
	"apinto-jwt/test/e2e/rig"
	"apinto-jwt/test/e2e/upstream"
)

// file is the binary part that every multipart body of these tests carries.
var file = []byte{0, 1, 2, '\r', '\n', '-', '-', 0xff, 0xfe}

// inMultipart is a form of these fields and a file.
func inMultipart(t *testing.T, fields map[string]string) rig.Call {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range fields {
		must.Succeed(t, form.WriteField(name, value))
	}
	part, err := form.CreateFormFile("upload", "file.bin")
	if err == nil {
		_, err = part.Write(file)
	}
	if err == nil {
		err = form.Close()
	}
	must.Succeed(t, err)
	return rig.Call{Header: http.Header{"Content-Type": {form.FormDataContentType()}}, Body: body.Bytes()}
}

// parts reads a multipart body as the upstream got it.
func parts(t *testing.T, request upstream.Request) map[string]string {
	t.Helper()
	_, params, err := mime.ParseMediaType(request.Header.Get("Content-Type"))
	must.Succeed(t, err)
	reader := multipart.NewReader(bytes.NewReader(request.Body), params["boundary"])
	found := map[string]string{}
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			t.Fatalf("%v in %q", err, request.Body)
		}
		content, err := io.ReadAll(part)
		must.Succeed(t, err)
		found[part.FormName()] = string(content)
	}
}
