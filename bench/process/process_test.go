package process

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

func TestParseStat(t *testing.T) {
	const line = "4711 (a (b) c) S 12 34 34 0 -1 4194560 900 0 0 0 7 5 3 2 20 0 1 0 100 1000 200"
	s, err := parseStat([]byte(line))
	want := stat{pid: 4711, parent: 12, group: 34, own: 120 * time.Millisecond, reaped: 50 * time.Millisecond}
	if err != nil || s != want {
		t.Errorf("got %+v, %v, want %+v", s, err, want)
	}
	for _, bad := range []string{"", "x (a) S 1 2", "1 (a) S 12 34", "1 (a) S b 34 34 0 -1 4194560 900 0 0 0 7 5 3 2 20"} {
		if _, err := parseStat([]byte(bad)); err == nil {
			t.Errorf("%q can be read", bad)
		}
	}
}

// A worker that left the master's group counts, and what a child had used before it ended; a stranger does not.
func TestFamily(t *testing.T) {
	list := []stat{
		{pid: 30, parent: 20, group: 30, own: 1000},
		{pid: 20, parent: 10, group: 20, own: 100, reaped: 50},
		{pid: 10, parent: 1, group: 10, own: 10, reaped: 5},
		{pid: 11, parent: 1, group: 10, own: 1, ended: true},
		{pid: 12, parent: 1, group: 12, own: 7777},
	}
	members := family(10, list)
	if u := total(members); u.Processes != 3 || u.CPU != 1166 {
		t.Errorf("got %+v of %v", u, members)
	}
	if members := family(13, list); members != nil {
		t.Errorf("a process that is not there has %v", members)
	}
}

func TestKibibytes(t *testing.T) {
	const text = "Rss:      9 kB\nPss:     12 kB\nPss_Anon: 1 kB\nPss: many kB\n"
	if n, ok := kibibytes([]byte(text), "Pss:"); !ok || n != 12<<10 {
		t.Errorf("got %d, %v", n, ok)
	}
	if _, ok := kibibytes([]byte(text), "VmRSS:"); ok {
		t.Error("a field that is not there is found")
	}
}

// The time of a child is its parent's after it has ended.
func TestOf(t *testing.T) {
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("no /proc here")
	}
	shell := exec.Command("sh", "-c", `sh -c 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done'; echo; read -r line`)
	shell.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	input, err := shell.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := shell.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := shell.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := output.Read(make([]byte, 1)); err != nil { // the inner shell has ended
		t.Fatal(err)
	}
	u, err := Of(shell.Process.Pid)
	if err != nil || u.Processes != 1 || u.CPU < tick || u.Memory <= 0 {
		t.Errorf("got %+v, %v", u, err)
	}
	if cpu, err := CPU(shell.Process.Pid); err != nil || cpu < u.CPU {
		t.Errorf("got %v after %v, %v", cpu, u.CPU, err)
	}
	_ = input.Close()
	_ = shell.Wait()
	if _, err := Of(shell.Process.Pid); err == nil {
		t.Error("a process that has ended has a usage")
	}
}
