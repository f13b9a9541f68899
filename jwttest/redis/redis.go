// Package redis starts a real Redis for tests.
package redis

import (
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"apinto-jwt/jwttest/guard"
)

// Server is a Redis on loopback that keeps nothing on the disk, unless it is told to.
type Server struct {
	Addr string // host:port

	path    string
	dir     string
	args    []string
	process *exec.Cmd
	guard   *guard.Guard
}

// Start starts a server on a free port; it ends with the test, also when the test binary is killed. Further arguments are redis-server's. Without a
// redis-server the test fails.
func Start(t testing.TB, args ...string) *Server {
	t.Helper()
	s, err := New(t.TempDir(), args...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	return s
}

// New is Start outside a test; the caller stops the server.
func New(dir string, args ...string) (*Server, error) {
	path, err := find()
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &Server{Addr: listener.Addr().String(), path: path, dir: dir, args: args}
	_ = listener.Close()
	return s, s.Resume()
}

// Resume starts the server again after Stop, on the same port.
func (s *Server) Resume() error {
	_, port, _ := net.SplitHostPort(s.Addr)
	args := append([]string{
		"--port", port, "--bind", "127.0.0.1", "--dir", s.dir, "--save", "", "--appendonly", "no",
		"--logfile", filepath.Join(s.dir, "redis.log"),
	}, s.args...)
	s.process = exec.Command(s.path, args...)
	s.process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for the test to handle
	if err := s.process.Start(); err != nil {
		return fmt.Errorf("redis-server: %w", err)
	}
	var err error
	if s.guard, err = guard.Start(s.process.Process.Pid, ""); err != nil {
		s.Stop()
		return err
	}
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		conn, err := net.Dial("tcp", s.Addr)
		if err == nil {
			_ = conn.Close()
			return nil
		}
		if time.Now().After(deadline) {
			s.Stop()
			return fmt.Errorf("redis-server does not answer on port %s: %w", strconv.Quote(port), err)
		}
	}
}

// Stop kills the server; what it has not written to the disk is lost.
func (s *Server) Stop() {
	if s.process == nil {
		return
	}
	_ = s.process.Process.Kill()
	_ = s.guard.Dismiss() // before its process ID can be another's
	_ = s.process.Wait()
	s.process = nil
}

// Freeze stops the server from answering, with its connections open.
func (s *Server) Freeze() { _ = s.process.Process.Signal(syscall.SIGSTOP) }

// Thaw lets it go on.
func (s *Server) Thaw() { _ = s.process.Process.Signal(syscall.SIGCONT) }
