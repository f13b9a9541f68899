package gateway

import (
	"context"
	"fmt"
	"strings"
)

// Join makes this node a member of the cluster that other belongs to. Its own
// configuration is replaced by the cluster's.
func (n *Node) Join(ctx context.Context, other *Node) error {
	if _, err := n.Command(ctx, "join", "--addr", other.PeerURL); err != nil {
		return err
	}
	return poll(ctx, "cluster", func() error {
		members, err := n.Members(ctx)
		if err != nil {
			return err
		}
		for _, address := range members {
			if address == other.AdminURL {
				return nil
			}
		}
		return fmt.Errorf("%s is not a member of %v", other.AdminURL, members)
	})
}

// Members are the admin addresses of the nodes of the cluster.
func (n *Node) Members(ctx context.Context) ([]string, error) {
	info, err := n.Command(ctx, "info")
	if err != nil {
		return nil, err
	}
	return addresses(info, "Admin"), nil
}

func addresses(info, kind string) []string {
	var found []string
	for line := range strings.Lines(info) {
		if _, list, ok := strings.Cut(line, "--"+kind+":"); ok {
			first, _, _ := strings.Cut(strings.TrimSpace(list), ",")
			found = append(found, first)
		}
	}
	return found
}
