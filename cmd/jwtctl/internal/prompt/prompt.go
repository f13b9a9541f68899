// Package prompt asks for passwords on a terminal.
package prompt

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/term"
)

// Terminal returns the terminal that the input is, and whether it is one.
func Terminal(in io.Reader) (fd int, ok bool) {
	f, ok := in.(*os.File)
	if !ok {
		return 0, false
	}
	fd = int(f.Fd())
	return fd, term.IsTerminal(fd)
}

// Twice asks for a password on the terminal, twice, without showing what is typed. If a signal comes, the
// terminal is restored and interrupt is called, which must end the program.
func Twice(out io.Writer, fd int, what string, interrupt func()) (string, error) {
	state, err := term.GetState(fd)
	if err != nil {
		return "", err
	}
	interrupted, done := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(interrupted, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(interrupted)
	defer close(done)
	go func() {
		select {
		case <-interrupted:
			_ = term.Restore(fd, state)
			_, _ = fmt.Fprintln(out)
			interrupt()
		case <-done:
		}
	}()
	first, err := ask(out, fd, what+": ")
	if err != nil {
		return "", err
	}
	again, err := ask(out, fd, what+" again: ")
	if err != nil {
		return "", err
	}
	if !bytes.Equal(first, again) {
		return "", errors.New("the two are not the same")
	}
	return string(first), nil
}

// ask reads a line that is not shown.
func ask(out io.Writer, fd int, prompt string) ([]byte, error) {
	_, _ = fmt.Fprint(out, prompt)
	line, err := term.ReadPassword(fd)
	_, _ = fmt.Fprintln(out) // the one that was typed is not shown
	if err != nil {
		return nil, fmt.Errorf("the terminal: %w", err)
	}
	return line, nil
}
