package peers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"apinto-jwt/bench/apinto"
	"apinto-jwt/jwttest/guard"
)

// fleet holds all servers of a run.
type fleet struct {
	world
	contenders []contender
	closers    []func() error
	progress   io.Writer
	dir        string // of the programs that are built
	// many asks for a second pair of gateways, for cases with more than one application.
	many bool
}

// close ends everything, the last one first.
func (f *fleet) close() error {
	var err error
	for i := len(f.closers) - 1; i >= 0; i-- {
		err = errors.Join(err, f.closers[i]())
	}
	return err
}

// start starts all servers. A peer that cannot be had is named in the tables; without this project's gateway there is nothing to measure.
func (f *fleet) start(ctx context.Context) error {
	install(ctx, f.progress)
	var err error
	if f.certificate, err = apinto.NewCertificate(); err != nil {
		return err
	}
	if f.dir, err = os.MkdirTemp("", "apinto-jwt-peers-"); err != nil {
		return err
	}
	g, err := guard.Start(os.Getpid(), f.dir) // when it acts, this process has ended already
	if err != nil {
		return errors.Join(err, os.RemoveAll(f.dir))
	}
	f.closers = append(f.closers, func() error { return errors.Join(g.Dismiss(), os.RemoveAll(f.dir)) })
	closer, err := f.startUpstream(ctx)
	if err != nil {
		return err
	}
	f.closers = append(f.closers, closer)
	if err := f.startGateways(ctx); err != nil {
		return err
	}
	f.startOthers(ctx)
	return ctx.Err()
}

// startGateways builds and starts the gateways: with and without the filter, and the stock one. If there are cases with more than one
// application, a second pair stays with one, to be measured beside them.
func (f *fleet) startGateways(ctx context.Context) error {
	fmt.Fprintln(f.progress, "peers: building the gateways (a first time takes minutes) …")
	stock := filepath.Join(f.dir, "stock")
	ours, err := apinto.Ours(ctx, filepath.Join(f.dir, "ours"))
	if err != nil {
		return err
	}
	if err := f.startPair(ctx, ours, false); err != nil {
		return err
	}
	if f.many {
		if err := f.startPair(ctx, ours, true); err != nil {
			return err
		}
	}
	f.add(ctx, []contender{{name: stockOpen, open: true}, {name: stockJWT}}, func(ctx context.Context, w *world) (peer, error) {
		if err := apinto.BuildStock(ctx, stock); err != nil {
			return nil, err
		}
		return startApinto(ctx, w, "stock", stock, false)
	})
	return nil
}

// alone names the rows of the gateways that stay with one application.
const alone = ", 1 application"

// startPair starts this project's gateway with and without the filter.
func (f *fleet) startPair(ctx context.Context, binary string, reference bool) error {
	for _, one := range []struct {
		open, protected string
		filter          bool
	}{{oursOpen, oursApp, false}, {filterOpen, oursFilter, true}} {
		p, err := startApinto(ctx, &f.world, one.protected, binary, one.filter)
		if err != nil {
			return err
		}
		f.closers = append(f.closers, p.close)
		if reference {
			f.contenders = append(f.contenders, contender{name: one.protected + alone, peer: p, reference: true})
			continue
		}
		f.contenders = append(f.contenders, contender{name: one.open, open: true, peer: p},
			contender{name: one.open + withToken, open: true, token: true, peer: p}, contender{name: one.protected, peer: p})
	}
	return nil
}

// startOthers starts the peers that are not Apinto.
func (f *fleet) startOthers(ctx context.Context) {
	f.add(ctx, []contender{{name: haOpen, open: true}, {name: haJWT}}, startHAProxy)
	f.add(ctx, []contender{{name: apacheOpen, open: true}, {name: apacheJWT}}, startApache)
	f.add(ctx, []contender{{name: proxyOpen, open: true}, {name: proxyJWT}}, f.built(oauth2ProxyModule, "oauth2-proxy", startOAuth2Proxy))
	f.add(ctx, []contender{{name: nginxOpen, open: true}}, startNginx)
	f.add(ctx, []contender{{name: caddyOpen, open: true}}, f.built(caddyModule, "caddy", startCaddy))
}

// built starts a peer that is in the path, or is built first.
func (f *fleet) built(module, name string, start func(context.Context, *world, string) (peer, error)) func(context.Context, *world) (peer, error) {
	return func(ctx context.Context, w *world) (peer, error) {
		binary, err := exec.LookPath(name)
		if err != nil {
			binary, err = goInstall(ctx, f.dir, module, name, f.progress)
		}
		if err != nil {
			return nil, err
		}
		return start(ctx, w, binary)
	}
}

// add starts a peer and takes its routes into the tables, also if it does not start.
func (f *fleet) add(ctx context.Context, rows []contender, start func(context.Context, *world) (peer, error)) {
	p, err := start(ctx, &f.world)
	if err == nil {
		f.closers = append(f.closers, p.close)
	}
	for _, row := range rows {
		if err != nil {
			row.missing = err.Error()
			fmt.Fprintf(f.progress, "peers: %s: %v\n", row.name, err)
		} else {
			row.peer = p
		}
		f.contenders = append(f.contenders, row)
	}
}
