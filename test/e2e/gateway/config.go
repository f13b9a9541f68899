package gateway

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// readSetting reads one entry of the settings file, which is flat; a relative
// path means one below dir, where the gateway runs.
func readSetting(dir, key string) (string, error) {
	content, err := os.ReadFile(filepath.Join(dir, settingsFile))
	if err != nil {
		return "", fmt.Errorf("gateway settings: %w", err)
	}
	for entry := range strings.Lines(string(content)) {
		name, value, found := strings.Cut(entry, ":")
		if !found || !strings.EqualFold(strings.TrimSpace(name), key) {
			continue
		}
		value = strings.Trim(strings.TrimSpace(value), `"'`)
		if !filepath.IsAbs(value) {
			value = filepath.Join(dir, value)
		}
		return value, nil
	}
	return "", fmt.Errorf("gateway settings: %s has no %s", settingsFile, key)
}

func listens(ports Ports) string {
	var b strings.Builder
	b.WriteString("version: 2\n")
	for _, part := range []struct {
		name string
		port int
	}{{"gateway", ports.Gateway}, {"client", ports.Admin}, {"peer", ports.Peer}} {
		fmt.Fprintf(&b, "%s:\n  listen_urls:\n    - %s\n", part.name, loopback(part.port))
		if part.name == "gateway" && ports.Secure != 0 {
			// A port that takes TLS alone gives every second connection to the host's other kind of TLS.
			fmt.Fprintf(&b, "    - %s\n    - https://127.0.0.1:%d\n", loopback(ports.Secure), ports.Secure)
		}
	}
	return b.String()
}

// readAddresses finds where the gateway listens, first address of each kind.
// It understands the layout above and what people make of it by hand, not all
// of YAML.
func (n *Node) readAddresses() error {
	path, err := readSetting(n.Dir, "config")
	if err != nil {
		return err
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("gateway configuration: %w", err)
	}
	found := listenURLs(string(content))
	n.URL, n.AdminURL, n.PeerURL = found["gateway"], found["client"], found["peer"]
	if n.URL == "" || n.AdminURL == "" || n.PeerURL == "" {
		return errors.New("gateway configuration: " + path + " must have listen_urls for gateway, client and peer")
	}
	return nil
}

// listenURLs maps each section to the first URL in it.
func listenURLs(config string) map[string]string {
	found := make(map[string]string)
	section := ""
	for entry := range strings.Lines(config) {
		entry, _, _ = strings.Cut(strings.TrimRight(entry, "\r\n"), "#")
		if name, _, ok := strings.Cut(entry, ":"); ok && name == strings.TrimSpace(name) && name != "" && name[0] != '-' {
			section = name
		}
		at := strings.Index(entry, "http")
		if at < 0 || found[section] != "" {
			continue
		}
		url, _, _ := strings.Cut(entry[at:], ",")
		url = strings.TrimRight(url, "\"' ]/")
		found[section] = strings.Replace(url, "//0.0.0.0:", "//127.0.0.1:", 1)
	}
	return found
}
