package hosthttp

import (
	"strings"

	http_service "github.com/eolinker/eosc/eocontext/http-context"
)

// makePrivate has the answer say that only the user's own cache may keep it (RFC 9111 §5.2.2.7), whatever the upstream
// allows. What the upstream says of its age stays.
func makePrivate(response http_service.IResponse) {
	control := privately(fieldLines(response, "Cache-Control"))
	var overriding []string
	eachField(response, func(name, _ string) {
		if overridesCacheControl(name) {
			overriding = append(overriding, name)
		}
	})
	for _, name := range overriding {
		response.DelHeader(name)
	}
	response.DelHeader("Cache-Control") // the upstream's may stand on several lines
	response.SetHeader("Cache-Control", control)
}

// privately returns the value of Cache-Control with "private" instead of what speaks to shared caches.
func privately(lines []string) string {
	kept := []string{"private"}
	for _, line := range lines {
		for _, directive := range directives(line) {
			name, _, _ := strings.Cut(directive, "=")
			switch strings.ToLower(strings.TrimSpace(name)) {
			case "", "private", "public", "s-maxage":
			default:
				kept = append(kept, directive)
			}
		}
	}
	return strings.Join(kept, ", ")
}

// directives returns the directives of a line. A comma in a quoted-string does not part two.
func directives(line string) []string {
	var list []string
	begin, quoted := 0, false
	for i := 0; i < len(line); i++ {
		switch {
		case quoted && line[i] == '\\':
			i++
		case line[i] == '"':
			quoted = !quoted
		case line[i] == ',' && !quoted:
			list = append(list, strings.TrimSpace(line[begin:i]))
			begin = i + 1
		}
	}
	return append(list, strings.TrimSpace(line[begin:]))
}

// overridesCacheControl reports whether shared caches heed the header in the place of Cache-Control: targeted fields
// (RFC 9213), and what there was before them.
func overridesCacheControl(name string) bool {
	name = strings.ToLower(name)
	return strings.HasSuffix(name, "cdn-cache-control") || name == "surrogate-control" || name == "x-accel-expires"
}

// fieldLines returns the values of a header's lines. The host's map has the last one only.
func fieldLines(response http_service.IResponse, header string) []string {
	var values []string
	eachField(response, func(name, value string) {
		if strings.EqualFold(name, header) {
			values = append(values, value)
		}
	})
	return values
}

// eachField visits the header fields of an answer.
func eachField(response http_service.IResponse, visit func(name, value string)) {
	for line := range strings.SplitSeq(response.HeadersString(), "\r\n") {
		if name, value, ok := strings.Cut(line, ":"); ok {
			visit(name, strings.TrimSpace(value))
		}
	}
}
