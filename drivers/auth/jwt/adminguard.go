package jwt

import (
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/eolinker/eosc/env"
	"github.com/ghodss/yaml"
)

// EnvAdminHosts has the names under which the admin address may be called, beside those of its configuration, separated by
// commas. IP addresses and localhost need not be listed.
const EnvAdminHosts = "APINTO_JWT_ADMIN_HOSTS"

// adminGuard keeps web pages from reaching the admin address through the browser of somebody who can: a page of another origin,
// and one whose name an attacker has pointed at the address (DNS rebinding).
type adminGuard struct{ names []string }

// newAdminGuard takes the names of the gateway's configuration and of the environment.
func newAdminGuard() adminGuard {
	var names []string
	for name := range strings.SplitSeq(os.Getenv(EnvAdminHosts), ",") {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	for _, path := range env.ConfigPath() {
		if text, err := os.ReadFile(path); err == nil { //nolint:gosec // the gateway's own configuration
			return adminGuard{append(names, namesIn(text)...)}
		}
	}
	return adminGuard{names}
}

// namesIn are the host names of the admin address in the gateway's configuration; none if it cannot be read.
func namesIn(config []byte) (names []string) {
	var of struct {
		Client struct {
			Listen    []string `json:"listen_urls"`
			Advertise []string `json:"advertise_urls"`
		} `json:"client"`
	}
	if yaml.Unmarshal(config, &of) != nil {
		return nil
	}
	own, _ := os.Hostname()
	for _, address := range slices.Concat(of.Client.Listen, of.Client.Advertise) {
		if u, err := url.Parse(strings.ReplaceAll(address, "${hostname}", own)); err == nil && u.Hostname() != "" {
			names = append(names, u.Hostname())
		}
	}
	return names
}

// refuses says why a request is not answered; empty: it is.
func (g adminGuard) refuses(r *http.Request) string {
	if !g.knows(r.Host) {
		return "the admin address is not called by this name: use its IP address, or list the name in " + EnvAdminHosts
	}
	switch site := r.Header.Get("Sec-Fetch-Site"); site {
	case "", "none", "same-origin":
	default:
		return "the request comes from a page of another site"
	}
	for _, origin := range r.Header.Values("Origin") {
		if u, err := url.Parse(origin); err != nil || !strings.EqualFold(u.Host, r.Host) || u.Scheme != "http" && u.Scheme != "https" {
			return "the request comes from a page of another origin"
		}
	}
	return ""
}

// knows reports whether the admin address may be called by this Host.
func (g adminGuard) knows(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if _, err := netip.ParseAddr(host); err == nil || strings.EqualFold(host, "localhost") {
		return true
	}
	return host != "" && slices.ContainsFunc(g.names, func(name string) bool { return strings.EqualFold(name, host) })
}

// isJSON reports whether a request says that its body is JSON. A page of another origin cannot say so without asking first
// (Fetch standard, CORS-safelisted request-header).
func isJSON(r *http.Request) bool {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && media == "application/json"
}
