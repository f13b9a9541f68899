package gateway

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"apinto-jwt/jwttest/guard"
)

// How long a start and a stop may take; both are far quicker on an idle machine.
const (
	startTimeout = 60 * time.Second
	stopTimeout  = 10 * time.Second
)

// Options say how a node runs; the zero value but for Binary is useful.
type Options struct {
	Binary   string // the gateway, required
	Dir      string // where it keeps its files; empty: a temporary one that Close removes
	Ports    Ports  // written to a new config.yml; zero: free ones
	LogLevel string // of the gateway's error log; empty: error

	Heard func(Exchange) // is told of every call of the admin API and every command; nil: nobody
}

// Exchange is a call of the admin API or a command of the gateway.
type Exchange struct {
	Sent []byte // the call's body
	Said string // the error's text, what the command printed, or the answer if it is not the stored configuration
}

// Node is one gateway: a master process and, as its children, a worker and,
// if it leads its cluster, the admin process.
type Node struct {
	URL      string // the APIs, without a slash at the end
	AdminURL string
	PeerURL  string // what another node joins
	Dir      string

	binary    string
	heard     func(Exchange)
	temporary bool
	master    int
	guard     *guard.Guard
}

// Start prepares the directory, starts the gateway and waits until its admin
// API answers. The caller calls Close, also after a failed test; should it die
// before it can, the processes are killed by a guard.
func Start(ctx context.Context, options Options) (*Node, error) {
	node, err := prepare(options)
	if err != nil {
		return nil, err
	}
	if err := node.start(ctx); err != nil {
		err = fmt.Errorf("%w\n%s", err, node.LogTail(20))
		return nil, errors.Join(err, node.Close())
	}
	return node, nil
}

func prepare(options Options) (*Node, error) {
	binary, err := filepath.Abs(options.Binary)
	if err != nil {
		return nil, fmt.Errorf("gateway binary: %w", err)
	}
	node := &Node{binary: binary, heard: options.Heard, Dir: options.Dir, temporary: options.Dir == ""}
	if node.heard == nil {
		node.heard = func(Exchange) {}
	}
	if node.temporary {
		if node.Dir, err = os.MkdirTemp("", "apinto-"); err != nil {
			return nil, fmt.Errorf("gateway directory: %w", err)
		}
	}
	if node.Dir, err = filepath.Abs(node.Dir); err != nil {
		return nil, fmt.Errorf("gateway directory: %w", err)
	}
	if options.Ports == (Ports{}) {
		if options.Ports, err = FreePorts(); err != nil {
			return nil, err
		}
	}
	if options.LogLevel == "" {
		options.LogLevel = "error"
	}
	if err := writeFiles(node.Dir, options.Ports, options.LogLevel); err != nil {
		return nil, err
	}
	return node, node.readAddresses()
}

func (n *Node) start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	if err := n.launch(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	last := 0
	return poll(ctx, "admin API", func() error {
		if n.Worker() == 0 {
			return errors.New("no worker process yet")
		}
		if err := answers(ctx, n.AdminURL+"/api/app"); err != nil {
			return err
		}
		before := last
		if last = n.admin(); last != before {
			return errors.New("the admin process has just been replaced")
		}
		return nil
	})
}

// launch takes a fraction of a second and is not interrupted: a master whose
// process id is not yet known could not be stopped.
func (n *Node) launch(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, stopTimeout)
	defer cancel()
	if _, err := n.Command(ctx, "start"); err != nil {
		return err
	}
	if err := poll(ctx, "gateway process", n.findMaster); err != nil {
		return err
	}
	var err error
	n.guard, err = guard.Start(-n.master, n.removeOnDeath()) // the gateway detaches from whoever starts it
	return err
}

// Stop ends the gateway's processes; its directory stays, so that Restart finds
// the stored configuration.
func (n *Node) Stop() error {
	if n.master == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	_, err := n.Command(ctx, "stop")
	endGroup(n.master, stopTimeout)
	n.master = 0
	return errors.Join(err, n.guard.Dismiss())
}

// Restart stops the gateway, if it runs, and starts it on the same directory
// and ports.
func (n *Node) Restart(ctx context.Context) error {
	if err := n.Stop(); err != nil {
		return err
	}
	return n.start(ctx)
}

// Use has Restart start another binary.
func (n *Node) Use(binary string) { n.binary = binary }

// Close stops the gateway and removes its directory if that is a temporary one.
func (n *Node) Close() error {
	err := n.Stop()
	if n.temporary {
		err = errors.Join(err, removeAll(n.Dir))
	}
	return err
}

func (n *Node) removeOnDeath() string {
	if n.temporary {
		return n.Dir
	}
	return ""
}
