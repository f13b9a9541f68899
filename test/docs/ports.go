package docs

import (
	"fmt"
	"net"
	"regexp"
	"strings"
)

// portSyntax is how a page names a port.
var portSyntax = regexp.MustCompile(`(127\.0\.0\.1:|localhost:|"listen":\s*|--port[ =])(\d{4,5})\b`)

// ports maps the ports that the documentation names to free ones.
type ports map[string]string

// add finds free ports for those that the text names and that have none yet.
func (p ports) add(text string) error {
	for _, match := range portSyntax.FindAllStringSubmatch(text, -1) {
		if err := p.open(match[2]); err != nil {
			return err
		}
	}
	return nil
}

// open finds a free port to stand for one that the documentation names.
func (p ports) open(name string) error {
	if p[name] != "" {
		return nil
	}
	for range 100 {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return fmt.Errorf("free port: %w", err)
		}
		_, port, err := net.SplitHostPort(listener.Addr().String())
		_ = listener.Close()
		if err == nil && !p.taken(port) {
			p[name] = port
			return nil
		}
	}
	return fmt.Errorf("no free port for %s", name)
}

func (p ports) taken(port string) bool {
	for name, other := range p {
		if name == port || other == port {
			return true
		}
	}
	return false
}

// replace puts the free ports for those of the documentation.
func (p ports) replace(text string) string {
	return portSyntax.ReplaceAllStringFunc(text, func(found string) string {
		match := portSyntax.FindStringSubmatch(found)
		if port := p[match[2]]; port != "" {
			return match[1] + port
		}
		return found
	})
}

// restore puts the documentation's ports back into what was printed.
func (p ports) restore(text string) string {
	for name, port := range p {
		text = strings.ReplaceAll(text, "127.0.0.1:"+port, "127.0.0.1:"+name)
	}
	return text
}
