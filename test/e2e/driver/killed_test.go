package driver

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest/must"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// envKilled makes this test binary one that starts a gateway, says which, and waits to be killed.
const envKilled = "APINTO_JWT_TEST_KILLED"

// A gateway, all its processes, does not outlive a test binary that is killed.
func TestKilled(t *testing.T) {
	const mark = "master="
	if os.Getenv(envKilled) != "" {
		_, _ = fmt.Fprintln(os.Stdout, mark+strconv.Itoa(rig.StartNode(t).Master()))
		time.Sleep(2 * time.Minute)
		return
	}
	temporary, err := os.MkdirTemp("", "k") // short: sockets are made in there
	must.Succeed(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(temporary) })
	child := exec.Command(os.Args[0], "-test.run", "^TestKilled$")
	child.Env = append(os.Environ(), envKilled+"=1", "TMPDIR="+temporary, gateway.EnvBinary+"="+rig.Binary())
	out, err := child.StdoutPipe()
	must.Succeed(t, err)
	must.Succeed(t, child.Start())
	t.Cleanup(func() { _ = child.Process.Kill() })
	master := 0
	for lines := bufio.NewScanner(out); master == 0 && lines.Scan(); {
		if text, found := strings.CutPrefix(lines.Text(), mark); found {
			if master, err = strconv.Atoi(text); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n := gateway.Processes(master); n < 3 { // master, worker, admin
		t.Fatalf("%d processes of master %d", n, master)
	}
	must.Succeed(t, child.Process.Kill())
	_ = child.Wait()
	rig.Within(t, 10*time.Second, func() error {
		if n := gateway.Processes(master); n > 0 {
			return fmt.Errorf("%d processes live on", n)
		}
		return nil
	})
}
