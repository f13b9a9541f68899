package docs

import "testing"

func TestShows(t *testing.T) {
	const printed = "building …\nHTTP/1.1 401 Unauthorized\r\nServer: x\r\nDate: today\r\n\r\nmissing or invalid token"
	for _, test := range []struct {
		page string
		want bool
	}{
		{"HTTP/1.1 401 Unauthorized", true},
		{"HTTP/1.1 401 Unauthorized\nServer: x\n", true},
		{"HTTP/1.1 401 Unauthorized\nServer: …\nDate: …", true},
		{"HTTP/1.1 401 Unauthorized\n…\n\nmissing or invalid token\n", true},
		{"HTTP/1.1 401 Unauthorized\n…\nmissing … token\n", true},
		{"HTTP/1.1 401 Unauthorized\nDate: …", false}, // a line is left out and does not say so
		{"HTTP/1.1 401", false},                       // not the whole line
		{"1.1 401 Unauthorized", false},
		{"HTTP/1.1 403 Forbidden\n…", false},
		{"Date: …\n…\nServer: x", false}, // in another order
		{"Server: .", false},
	} {
		if got := shows(test.page, printed); got != test.want {
			t.Errorf("%q: got %t, want %t", test.page, got, test.want)
		}
	}
}
