package gateway

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// joinTimeout is for a node to become a member and to replace its worker.
const joinTimeout = 30 * time.Second

// Join makes this node a member of the cluster that other belongs to. Its own
// configuration is replaced by the cluster's. The host replaces the worker of a
// node that joins, about a second later: Join returns after that.
func (n *Node) Join(ctx context.Context, other *Node) error {
	before := n.Worker()
	if _, err := n.Command(ctx, "join", "--addr", other.PeerURL); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, joinTimeout)
	defer cancel()
	return poll(ctx, "cluster", func() error {
		members, err := n.Members(ctx)
		if err != nil {
			return err
		}
		if !slices.Contains(members, other.AdminURL) {
			return fmt.Errorf("%s is not a member of %v", other.AdminURL, members)
		}
		if workers := n.having("worker"); len(workers) != 1 || workers[0] == before {
			return fmt.Errorf("the worker %d is not replaced yet: there are %v", before, workers)
		}
		return nil
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
