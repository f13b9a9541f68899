package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/crypto/bcrypt"
)

// pseudoTerminal returns a terminal, and the side of the one who sits before it.
func pseudoTerminal(t *testing.T) (tty, person *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	t.Cleanup(func() { _ = person.Close() })
	control := func(request uintptr, value *int32) {
		t.Helper()
		if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, person.Fd(), request, uintptr(unsafe.Pointer(value))); errno != 0 {
			t.Fatal(errno)
		}
	}
	var number, locked int32
	control(syscall.TIOCGPTN, &number)
	control(syscall.TIOCSPTLCK, &locked)
	tty, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	t.Cleanup(func() { _ = tty.Close() })
	return tty, person
}

// display is the screen: what the program writes there, and what the terminal shows of what is typed.
type display struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *display) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *display) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// shows waits until the screen ends with the text.
func (s *display) shows(t *testing.T, text string) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !strings.HasSuffix(s.String(), text); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the screen shows %q, not %q at its end", s.String(), text)
		}
	}
}

// echoes reports whether the terminal shows what is typed.
func echoes(t *testing.T, tty *os.File) bool {
	t.Helper()
	var state syscall.Termios
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, tty.Fd(), syscall.TCGETS, uintptr(unsafe.Pointer(&state))); errno != 0 {
		t.Fatal(errno)
	}
	return state.Lflag&syscall.ECHO != 0
}

// passwordOnTerminalCases are those of TestPasswordOnTerminal.
var passwordOnTerminalCases = map[string]struct {
	first, again string
	want         int
}{
	"the same":   {"correct horse", "correct horse", exitOK},
	"another":    {"correct horse", "correct house", exitFailed},
	"none":       {"", "", exitFailed},
	"none again": {"correct horse", "", exitFailed},
}

// On a terminal the password is asked for twice, and not shown.
func TestPasswordOnTerminal(t *testing.T) {
	for name, tt := range passwordOnTerminalCases {
		t.Run(name, func(t *testing.T) {
			tty, person := pseudoTerminal(t)
			seen := new(display)
			go func() { // what the terminal shows
				buffer := make([]byte, 256)
				for {
					n, err := person.Read(buffer)
					_, _ = seen.Write(buffer[:n])
					if err != nil {
						return
					}
				}
			}()
			var out bytes.Buffer
			program := &tool{in: tty, out: &out, err: seen, now: time.Now, getenv: os.Getenv}
			code := make(chan int, 1)
			go func() { code <- program.run([]string{"jwtctl", "password"}) }()
			for _, step := range []struct{ prompt, typed string }{{"Password: ", tt.first}, {"Password again: ", tt.again}} {
				seen.shows(t, step.prompt)
				for deadline := time.Now().Add(10 * time.Second); echoes(t, tty); time.Sleep(time.Millisecond) {
					if time.Now().After(deadline) {
						t.Fatal("the terminal shows what is typed")
					}
				}
				if _, err := person.WriteString(step.typed + "\n"); err != nil {
					t.Fatal(err)
				}
			}
			if got := <-code; got != tt.want {
				t.Errorf("exit status %d, %s", got, seen)
			}
			if !echoes(t, tty) {
				t.Error("the terminal is left without echo")
			}
			if strings.Contains(seen.String(), "ho") {
				t.Errorf("the password shows: %q", seen)
			}
			hash := strings.TrimSuffix(out.String(), "\n")
			if good := bcrypt.CompareHashAndPassword([]byte(hash), []byte(tt.first)) == nil; good != (tt.want == exitOK) {
				t.Errorf("the hash is %q", hash)
			}
		})
	}
}
