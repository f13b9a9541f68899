package jwttoken

import (
	"net/netip"
	"strings"

	http_service "github.com/eolinker/eosc/eocontext/http-context"
	"github.com/eolinker/eosc/log"

	"apinto-jwt/drivers/internal/hosthttp"
)

// proxies are the addresses whose forwarding headers are believed.
type proxies []netip.Prefix

// parseProxies reads addresses and networks, as "10.0.0.7" and "10.0.0.0/8". The second result has those that are none.
func parseProxies(list []string) (all proxies, wrong []string) {
	for _, text := range list {
		p, err := netip.ParsePrefix(text)
		if a, addrErr := netip.ParseAddr(text); addrErr == nil && a.Zone() == "" {
			a = a.Unmap()
			p, err = netip.PrefixFrom(a, a.BitLen()), nil
		}
		if err != nil || p.Bits() == 0 || p.Addr().Is4In6() {
			wrong = append(wrong, text)
			continue
		}
		all = append(all, p.Masked())
	}
	return all, wrong
}

// trust reports whether the address is one of the proxies'.
func (p proxies) trust(a netip.Addr) bool {
	for _, prefix := range p {
		if prefix.Contains(a) {
			return true
		}
	}
	return false
}

// client returns the address that is not a proxy's and is nearest to the gateway, of those that a header lists in the order
// of the way. What cannot be read ends the list: whoever is behind it counts as the proxy that says so.
func (p proxies) client(remote netip.Addr, hops []string) netip.Addr {
	for i := len(hops) - 1; i >= 0 && p.trust(remote); i-- {
		hop, ok := parseHop(hops[i])
		if !ok {
			break
		}
		remote = hop
	}
	return remote
}

// address returns the client's address, by which failed logins are counted.
func (s *service) address(ctx http_service.IHttpContext) string {
	remote := ctx.Request().RemoteAddr()
	at, ok := parseHop(remote)
	if !ok || len(s.proxies) > 0 && !s.proxies.trust(at) {
		return network(remote)
	}
	if s.trustRealIP {
		if ip := headerLines(ctx, "X-Real-IP"); len(ip) > 0 && ip[0] != "" {
			return network(ip[0])
		}
	}
	forwarded, listed := forwardedFor(headerLines(ctx, "Forwarded")), splitLines(headerLines(ctx, "X-Forwarded-For"))
	if len(s.proxies) == 0 {
		if len(forwarded) > 0 || len(listed) > 0 || len(headerLines(ctx, "X-Real-IP")) > 0 {
			s.warnOfProxies()
		}
		return network(remote)
	}
	client := s.proxies.client(at, listed)
	if len(forwarded) > 0 {
		other := client
		client = s.proxies.client(at, forwarded)
		if len(listed) > 0 && client != other { // one of them is the client's own, and which cannot be told
			client = at
		}
	}
	return network(client.String())
}

// warnOfProxies warns, once in a process, that logins come through a proxy that is not configured.
func (o *shared) warnOfProxies() {
	o.told.Do(func() {
		log.Warn("[jwt] a login came with Forwarded, X-Forwarded-For or X-Real-IP, and its endpoint has no trusted_proxies: behind a proxy all clients " +
			"share its address, and a hundred failed logins of any of them shut everybody out")
	})
}

// headerLines returns the values of a header, one for each line, in their order: proxies add lines of their own, and the
// host's interface has but one.
func headerLines(ctx http_service.IHttpContext, name string) (lines []string) {
	request := hosthttp.Raw(ctx.Request())
	if request == nil {
		if line := ctx.Request().Header().GetHeader(name); line != "" {
			lines = append(lines, line)
		}
		return lines
	}
	for key, value := range request.Header.All() {
		if strings.EqualFold(string(key), name) {
			lines = append(lines, strings.TrimSpace(string(value)))
		}
	}
	return lines
}

// splitLines returns the elements of a list that may be on several lines.
func splitLines(lines []string) (elements []string) {
	for _, line := range lines {
		for element := range strings.SplitSeq(line, ",") {
			if strings.TrimSpace(element) != "" { // an empty one is none (RFC 9110 §5.6.1.2)
				elements = append(elements, element)
			}
		}
	}
	return elements
}

// forwardedFor returns the "for" of each element of Forwarded (RFC 7239 §4), empty if it has none.
func forwardedFor(lines []string) (hops []string) {
	for _, line := range lines {
		for _, element := range splitQuoted(line, ',') {
			if strings.TrimSpace(element) == "" { // an empty one is none (RFC 9110 §5.6.1.2)
				continue
			}
			hop := ""
			for _, pair := range splitQuoted(element, ';') {
				if name, value, _ := strings.Cut(strings.TrimSpace(pair), "="); strings.EqualFold(name, "for") {
					hop = value
				}
			}
			hops = append(hops, hop)
		}
	}
	return hops
}

// splitQuoted splits a text at a separator that is not in quotes.
func splitQuoted(text string, separator byte) (parts []string) {
	start, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case c == separator && !quoted:
			parts = append(parts, text[start:i])
			start = i + 1
		}
	}
	return append(parts, text[start:])
}

// parseHop reads an address, with or without a port, brackets and quotes (RFC 7239 §6); "unknown" and made-up names are
// none.
func parseHop(text string) (netip.Addr, bool) {
	text = strings.Trim(strings.TrimSpace(text), `"`)
	a, err := netip.ParseAddr(strings.Trim(text, "[]"))
	if err != nil {
		withPort, err := netip.ParseAddrPort(text)
		if err != nil {
			return netip.Addr{}, false
		}
		a = withPort.Addr()
	}
	return a.Unmap().WithZone(""), true
}

// network returns an address as it is counted: of IPv6 its first 64 bits, all of which one client may have.
func network(address string) string {
	ip, ok := parseHop(address)
	switch {
	case !ok:
		return address
	case ip.Is4():
		return ip.String()
	}
	return netip.PrefixFrom(ip, 64).Masked().String()
}
