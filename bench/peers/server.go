package peers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"apinto-jwt/bench/apinto"
	"apinto-jwt/bench/process"
	"apinto-jwt/jwttest/guard"
)

// server is a program that leads a process group of its own.
type server struct {
	command *exec.Cmd
	dir     string // of its files; close removes it
	log     string
	guard   *guard.Guard
	ended   chan struct{}
}

// newDir makes the directory of a server, which its workers may read that run as another user.
func newDir(name string) (string, error) {
	dir, err := os.MkdirTemp("", "apinto-jwt-bench-"+name+"-")
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	return dir, os.Chmod(dir, 0o755) //nolint:gosec // no secret of anybody's is in it
}

// start starts a program in its directory, and removes that if it does not start.
func start(dir string, env []string, program string, args ...string) (*server, error) {
	s := &server{dir: dir, log: filepath.Join(dir, "output.log"), ended: make(chan struct{})}
	output, err := os.Create(s.log)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	defer output.Close()
	command := exec.Command(program, args...)
	command.Dir, command.Env = dir, append(os.Environ(), env...)
	command.Stdout, command.Stderr = output, output
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for us to handle
	if err := command.Start(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	s.command = command
	go func() {
		_ = command.Wait()
		close(s.ended)
	}()
	if s.guard, err = guard.Start(-command.Process.Pid, dir); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// root returns the process that leads the group.
func (s *server) root() int { return s.command.Process.Pid }

// stopTimeout bounds the time of a server to end by itself.
const stopTimeout = 5 * time.Second

// close ends all processes of the server and removes its files.
func (s *server) close() error {
	_ = s.command.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.ended:
	case <-time.After(stopTimeout):
	}
	_ = syscall.Kill(-s.root(), syscall.SIGKILL) // what is left of the group
	<-s.ended
	for begin := time.Now(); time.Since(begin) < stopTimeout; time.Sleep(10 * time.Millisecond) {
		if _, err := process.CPU(s.root()); err != nil {
			break // none lives
		}
	}
	return errors.Join(s.guard.Dismiss(), os.RemoveAll(s.dir))
}

// startTimeout bounds the time until a server answers.
const startTimeout = 20 * time.Second

// answers waits until a URL is answered, whatever the status.
func (s *server) answers(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for {
		_, err := ask(ctx, url, "")
		if err == nil {
			return nil
		}
		select {
		case <-s.ended:
			return fmt.Errorf("it has ended: %s", s.tail())
		case <-ctx.Done():
			return fmt.Errorf("%w: %s", err, s.tail())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// tail returns the last lines of the server's output, in one line.
func (s *server) tail() string {
	text, _ := os.ReadFile(s.log)
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-3):], " / ")
}

// ask sends a GET with this authorization, empty for none, and returns the status.
func ask(ctx context.Context, url, authorization string) (int, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return 0, err
	}
	if authorization != "" {
		request.Header.Set("Authorization", authorization)
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}

// client trusts our own servers on loopback and follows no redirect to a login page.
var client = apinto.LoopbackClient()
