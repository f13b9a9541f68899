package docs

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"apinto-jwt/jwttest/guard"
)

// curl is the command that the blocks call: the real one, with the statuses of its answers written down for the test. A terminal
// shows no progress, so it shows none here.
const curl = `#!/bin/sh
heads=$(mktemp)
"$DOCS_CURL" -sS -D "$heads" "$@"
code=$?
sed -n 's|^HTTP/[^ ]* \([0-9]*\).*|\1|p' "$heads" | tail -n 1 >>"$DOCS_STATUSES"
rm -f "$heads"
exit $code
`

// script runs a block after those before it: in their directory, with their variables.
const script = `set -e
[ ! -f "$1/vars" ] || . "$1/vars"
cd "$(cat "$1/directory")"
set -a
. "$1/block"
set +a
export -p >"$1/vars"
pwd >"$1/directory"
`

// shell runs the blocks of a page, one after another.
type shell struct {
	state   string // directory of what the blocks leave behind: variables, the current directory
	env     []string
	running []*process
	count   int
}

// process is a block that runs on.
type process struct {
	command *exec.Cmd
	guard   *guard.Guard
	ended   chan error
	output  string // file
}

// newShell makes the state of a shell in the directory.
func newShell(directory, state string) (*shell, error) {
	program, err := exec.LookPath("curl")
	if err != nil {
		return nil, errors.New("the commands of the documentation need curl, which is not installed")
	}
	bin := filepath.Join(state, "bin")
	s := &shell{state: state, env: append(environment(),
		"PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "DOCS_CURL="+program, "DOCS_STATUSES="+filepath.Join(state, "statuses"))}
	return s, errors.Join(os.MkdirAll(bin, 0o750),
		os.WriteFile(filepath.Join(bin, "curl"), []byte(curl), 0o700),
		os.WriteFile(filepath.Join(state, "directory"), []byte(directory+"\n"), 0o600))
}

// environment returns a terminal's: without what "make test" hands to its tests.
func environment() []string {
	var env []string
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, "APINTO_") || strings.HasPrefix(name, "MAKE") || name == "MFLAGS" || name == "PATH" || name == "PWD" {
			continue
		}
		env = append(env, entry)
	}
	return env
}

// result is the outcome of a block.
type result struct {
	output   string
	status   int
	statuses []int // of the answers that curl got
}

// run runs a block to its end.
func (s *shell) run(ctx context.Context, text string) (result, error) {
	_ = os.Remove(filepath.Join(s.state, "statuses"))
	p, err := s.start(ctx, text)
	if err != nil {
		return result{}, err
	}
	select {
	case err = <-p.ended:
	case <-ctx.Done():
		err = errors.Join(ctx.Err(), p.stop(syscall.SIGKILL))
	}
	_ = p.guard.Dismiss()
	r := result{output: read(p.output), statuses: s.statuses()}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		r.status, err = exit.ExitCode(), nil
	}
	return r, err
}

// runOn starts a block that runs on, and waits until it has printed the text.
func (s *shell) runOn(ctx context.Context, block, ready string) (output string, err error) {
	p, err := s.start(ctx, block)
	if err != nil {
		return "", err
	}
	s.running = append(s.running, p)
	for {
		if output = read(p.output); strings.Contains(output, ready) {
			return output, nil
		}
		select {
		case err := <-p.ended:
			p.ended <- err
			return output, fmt.Errorf("ended before it was ready: %w", err)
		case <-ctx.Done():
			return output, fmt.Errorf("has not printed %q: %w", ready, ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// start starts a block in a process group of its own.
func (s *shell) start(ctx context.Context, text string) (*process, error) {
	if err := os.WriteFile(filepath.Join(s.state, "block"), []byte(text), 0o600); err != nil {
		return nil, err
	}
	s.count++
	p := &process{ended: make(chan error, 1), output: filepath.Join(s.state, "output"+strconv.Itoa(s.count))}
	output, err := os.Create(p.output)
	if err != nil {
		return nil, err
	}
	defer output.Close()
	p.command = exec.CommandContext(context.WithoutCancel(ctx), "sh", "-c", script, "docs", s.state)
	p.command.Env, p.command.Stdout, p.command.Stderr = s.env, output, output
	p.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	p.guard, err = guard.Start(-p.command.Process.Pid, "")
	go func() { p.ended <- p.command.Wait() }()
	return p, err
}

// statuses reads what the curl of the blocks has written down.
func (s *shell) statuses() []int {
	var list []int
	for _, field := range strings.Fields(read(filepath.Join(s.state, "statuses"))) {
		if status, err := strconv.Atoi(field); err == nil {
			list = append(list, status)
		}
	}
	return list
}

// close ends what runs on, as Ctrl-C does, the last first.
func (s *shell) close() error {
	var errs []error
	for i := len(s.running) - 1; i >= 0; i-- {
		errs = append(errs, s.running[i].stop(syscall.SIGINT), s.running[i].guard.Dismiss())
	}
	s.running = nil
	return errors.Join(errs...)
}

// stopLimit is how long a program may take to end after Ctrl-C; a gateway takes about a second.
const stopLimit = time.Minute

// stop sends the signal to the whole group, and kills what has not ended then.
func (p *process) stop(signal syscall.Signal) error {
	group := -p.command.Process.Pid
	_ = syscall.Kill(group, signal)
	select {
	case <-p.ended: //nolint:errcheck // it was ended by the signal
		return nil
	case <-time.After(stopLimit):
		_ = syscall.Kill(group, syscall.SIGKILL)
		<-p.ended //nolint:errcheck // it was killed
		return fmt.Errorf("a program did not end at signal %v", signal)
	}
}

// read returns the content of a file; empty if there is none.
func read(path string) string {
	content, _ := os.ReadFile(path)
	return string(content)
}
