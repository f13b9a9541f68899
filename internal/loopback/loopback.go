// Package loopback knows hosts that are this machine.
package loopback

import (
	"net/netip"
	"strings"
)

// Host reports whether the host is this machine, by its literal address or as "localhost" (RFC 6761 §6.3). No name is
// resolved: what one resolves to changes.
func Host(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.Unmap().IsLoopback()
}
