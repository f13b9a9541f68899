package gateway

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// findMaster reads the process id that the master writes when it starts.
func (n *Node) findMaster() error {
	dir, err := readSetting(n.Dir, "pid_dir")
	if err != nil {
		return err
	}
	content, err := os.ReadFile(filepath.Join(dir, "apinto.pid"))
	if err != nil {
		return err
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(content)))
	if err != nil {
		return fmt.Errorf("pid file: %w", err)
	}
	n.master = pid
	return nil
}

// Master is the process id of the gateway's master, 0 if it does not run.
func (n *Node) Master() int { return n.master }

// Processes is how many processes live of the gateway that has, or had, this
// master.
func Processes(master int) int { return len(group(master)) }

// Running is whether the master process lives.
func (n *Node) Running() bool {
	for _, member := range group(n.master) {
		if member.pid == n.master {
			return true
		}
	}
	return false
}

// Worker is the process id of the process that serves requests, 0 if there is
// none. The master starts a new one when it dies: an id that stays the same is
// proof that no request has killed it.
func (n *Node) Worker() int { return n.newest("worker") }

// admin is the process that answers the admin API: of two, the one that the
// master has started last. 0 on a node that does not lead its cluster.
func (n *Node) admin() int { return n.newest("admin") }

// newest is the process with this role that was started last, 0 if none lives.
func (n *Node) newest(role string) int {
	return slices.Max(append(n.having(role), 0))
}

// having returns the living processes with this role.
func (n *Node) having(role string) []int {
	var found []int
	for _, member := range group(n.master) {
		if strings.Contains(member.command, ": "+role) {
			found = append(found, member.pid)
		}
	}
	return found
}

// member is a process of a gateway. The master leads a process group (and a
// session) that all the gateway's processes stay in, even after it has died.
type member struct {
	pid     int
	command string
}

// group lists the living processes of a process group; a zombie that nobody
// has waited for is not one.
func group(id int) []member {
	if id == 0 {
		return nil
	}
	out, err := exec.Command("ps", "-A", "-o", "pid=,pgid=,stat=,args=").Output()
	if errors.Is(err, exec.ErrNotFound) {
		return groupFromProc(id)
	}
	var members []member
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		if len(fields) < 4 || fields[1] != strconv.Itoa(id) || strings.HasPrefix(fields[2], "Z") {
			continue
		}
		if pid, err := strconv.Atoi(fields[0]); err == nil {
			members = append(members, member{pid, strings.Join(fields[3:], " ")})
		}
	}
	return members
}

// groupFromProc is for Linux without ps, as small images are.
func groupFromProc(id int) []member {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	var members []member
	for _, path := range stats {
		stat, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended meanwhile
		}
		// pid (name) state ppid pgrp …; the name may itself contain parentheses
		fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
		if len(fields) < 3 || fields[2] != strconv.Itoa(id) || fields[0] == "Z" {
			continue
		}
		command, err := os.ReadFile(filepath.Join(filepath.Dir(path), "cmdline"))
		pid, convErr := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		if err == nil && convErr == nil {
			members = append(members, member{pid, string(bytes.ReplaceAll(command, []byte{0}, []byte{' '}))})
		}
	}
	return members
}

// endGroup waits for a gateway that was told to stop and kills what is left:
// the host's master may end before it has told its admin process to.
func endGroup(id int, timeout time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	err := poll(ctx, "end of the gateway", func() error {
		if left := len(group(id)); left > 0 {
			return fmt.Errorf("%d processes left", left)
		}
		return nil
	})
	if err != nil {
		_ = syscall.Kill(-id, syscall.SIGKILL)
	}
}
