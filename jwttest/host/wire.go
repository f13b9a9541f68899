package host

import (
	"strconv"
	"strings"
)

// wire makes HTTP/1.1 text fit for the wire: the head's lines end in CRLF, and a body has a length.
func wire(text string) string {
	head, body := split(text)
	head = strings.ReplaceAll(strings.ReplaceAll(head, "\r\n", "\n"), "\n", "\r\n")
	if body != "" && !strings.Contains(strings.ToLower(head), "content-length:") {
		head += "\r\nContent-Length: " + strconv.Itoa(len(body))
	}
	return head + "\r\n\r\n" + body
}

// split parts the head from the body at the first empty line.
func split(text string) (head, body string) {
	for _, empty := range []string{"\r\n\r\n", "\n\n"} {
		if i := strings.Index(text, empty); i >= 0 {
			return text[:i], text[i+len(empty):]
		}
	}
	return text, ""
}
