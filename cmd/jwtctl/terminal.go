package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/term"
)

// terminal is the terminal that standard input is; false where it is none.
func (t *tool) terminal() (fd int, ok bool) {
	f, ok := t.in.(*os.File)
	if !ok {
		return 0, false
	}
	fd = int(f.Fd())
	return fd, term.IsTerminal(fd)
}

// askTwice asks for a password on the terminal, twice, without showing what is typed. The terminal shows it again
// whatever ends the program.
func (t *tool) askTwice(fd int, what string) (string, error) {
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
			_, _ = fmt.Fprintln(t.err)
			os.Exit(exitFailed)
		case <-done:
		}
	}()
	first, err := t.ask(fd, what+": ")
	if err != nil {
		return "", err
	}
	again, err := t.ask(fd, what+" again: ")
	if err != nil {
		return "", err
	}
	if !bytes.Equal(first, again) {
		return "", errors.New("the two are not the same")
	}
	return string(first), nil
}

// ask reads a line that is not shown.
func (t *tool) ask(fd int, prompt string) ([]byte, error) {
	_, _ = fmt.Fprint(t.err, prompt)
	line, err := term.ReadPassword(fd)
	_, _ = fmt.Fprintln(t.err) // the one that was typed is not shown
	if err != nil {
		return nil, fmt.Errorf("the terminal: %w", err)
	}
	return line, nil
}
