package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"apinto-jwt/cmd/jwtctl/internal/files"
)

// maxInput bounds what is read of a file or of standard input, in bytes.
const maxInput = 1 << 20

// maxDocuments bounds what is read of a file with a gateway's configuration, in bytes: tens of thousands of applications.
const maxDocuments = 128 << 20

// read reads the file that a flag names; "-" is standard input.
func (t *tool) read(flag, name string) ([]byte, error) { return t.readUpTo(maxInput, flag, name) }

// readUpTo is read for files of this many bytes.
func (t *tool) readUpTo(most int64, flag, name string) ([]byte, error) {
	if name == "-" {
		return t.readInputUpTo(most, flag)
	}
	if strings.Contains(name, "-----BEGIN") || strings.Contains(name, "\n") {
		return nil, misuse("%s wants the name of a file, not what is in it", flag)
	}
	f, err := os.Open(name) //nolint:gosec // the operator names it
	if err != nil {
		return nil, fmt.Errorf("%s: %w", flag, files.WithoutPath(err))
	}
	defer func() { _ = f.Close() }()
	return readAll(most, flag, f)
}

// readInput reads standard input, which can be done once.
func (t *tool) readInput(use string) ([]byte, error) { return t.readInputUpTo(maxInput, use) }

// readInputUpTo is readInput for this many bytes.
func (t *tool) readInputUpTo(most int64, use string) ([]byte, error) {
	if t.inReadFor != "" {
		return nil, misuse("standard input cannot be both %s and %s", t.inReadFor, use)
	}
	t.inReadFor = use
	return readAll(most, use, t.in)
}

// readAll reads to the end, or to too much.
func readAll(most int64, use string, r io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", use, files.WithoutPath(err))
	}
	if int64(len(text)) > most {
		return nil, fmt.Errorf("%s: it is longer than %d MiB", use, most>>20)
	}
	return text, nil
}

// tokenArgument returns the token that a command is about: its argument, the file behind an "@", or standard input for "-"
// and for nothing at all. White space round it and a "Bearer" before it (RFC 6750 §2.1) are taken away.
func (t *tool) tokenArgument(c *cli.Context) (string, error) {
	if c.Args().Len() > 1 {
		return "", misuse("one token is expected; quote it if it has spaces")
	}
	argument := c.Args().First()
	var text []byte
	var err error
	switch {
	case argument == "" || argument == "-":
		text, err = t.readInput("the token")
	case argument[0] == '@':
		text, err = t.read("the token's file", argument[1:])
	default:
		text = []byte(argument)
	}
	if err != nil {
		return "", err
	}
	raw := withoutScheme(strings.TrimSpace(string(text)))
	if raw == "" {
		return "", errors.New("there is no token")
	}
	return raw, nil
}

// withoutScheme takes the scheme away, in any case and with any number of spaces behind it, as the driver does.
func withoutScheme(text string) string {
	const scheme = "Bearer "
	if len(text) < len(scheme) || !strings.EqualFold(text[:len(scheme)], scheme) {
		return text
	}
	return strings.TrimLeft(text[len(scheme):], " ")
}
