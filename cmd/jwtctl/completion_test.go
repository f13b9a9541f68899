package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"apinto-jwt/jwttest/must"
)

// shell returns a shell, or skips the test.
func shell(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skip(name + " is not installed")
	}
	return path
}

// script writes the completion script for a shell.
func script(t *testing.T, shell string) string {
	t.Helper()
	s := session{t: t}
	return s.file("jwtctl."+shell, s.ok("completion", shell))
}

// runShell runs a shell and returns the lines that it writes. It must be silent otherwise.
func runShell(t *testing.T, dir, name string, args ...string) []string {
	t.Helper()
	var errOut strings.Builder
	command := exec.Command(name, args...)
	command.Dir, command.Stderr = dir, &errOut
	command.Env = append(os.Environ(), "HOME="+t.TempDir())
	out, err := command.Output()
	if err != nil || errOut.String() != "" {
		t.Fatalf("%s: %v, %s%s", name, err, out, errOut.String())
	}
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
}

// bashCompletes returns what bash offers for the last of the words.
func bashCompletes(t *testing.T, bash, script, dir string, words ...string) []string {
	t.Helper()
	const ask = `source "$1"; shift; COMP_WORDS=(jwtctl "$@"); COMP_CWORD=$#; _jwtctl; printf '%s\n' "${COMPREPLY[@]}"`
	return runShell(t, dir, bash, append([]string{"--norc", "-c", ask, "bash", script}, words...)...)
}

func TestBashCompletion(t *testing.T) {
	bash, script, dir := shell(t, "bash"), script(t, "bash"), t.TempDir()
	for _, name := range []string{"token.txt", "a b.json"} {
		must.Succeed(t, os.WriteFile(filepath.Join(dir, name), nil, 0o600))
	}
	must.Succeed(t, os.Mkdir(filepath.Join(dir, "data"), 0o700))
	for _, tt := range []struct {
		words string // parted by blanks; a word of two quotes is empty
		want  string // parted by bars
	}{
		{"ver", "verify|version"},
		{"verify --alg HS", "HS256|HS384|HS512"},
		{"sign --algorithm = Ed", "EdDSA|Ed25519"},
		{"lint --fail-on =", "error|warning|note"},
		{"lint --output s", "sarif"},
		{"revoked --output j", "json"},
		{"verify --key tok", "token.txt"},
		{"verify --key a", "a b.json"},
		{"check --data ''", "data"},
		{"verify @tok", "@token.txt"},
		{"lint a", "a b.json"},
		{"revoked ''", "list|prune"},
		{"help lin", "lint"},
		{"completion ''", "bash|fish|zsh"},
		{"sign --iss ''", ""},
		{"sign ''", ""},
		{"lint --fai", "--fail-on"},
	} {
		words := strings.Fields(strings.ReplaceAll(tt.words, "''", "\x00"))
		for i := range words {
			words[i] = strings.ReplaceAll(words[i], "\x00", "")
		}
		if got := strings.Join(bashCompletes(t, bash, script, dir, words...), "|"); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.words, got, tt.want)
		}
	}
}

// The script has every flag of every command, as the parser takes them.
func TestBashCompletionHasEveryFlag(t *testing.T) {
	bash, script := shell(t, "bash"), script(t, "bash")
	app := (&tool{}).app()
	if got := bashCompletes(t, bash, script, t.TempDir(), ""); !slices.Equal(got, commandNames(app)) {
		t.Errorf("commands: got %v", got)
	}
	for _, command := range app.Commands {
		var want []string
		for _, name := range flagNames(command.Flags) {
			want = append(want, "--"+name)
		}
		if got := bashCompletes(t, bash, script, t.TempDir(), command.Name, "--"); strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%s: got %v, want %v", command.Name, got, want)
		}
	}
}

// zsh takes the script, and the function that it makes.
func TestZshCompletion(t *testing.T) {
	zsh, script := shell(t, "zsh"), script(t, "zsh")
	got := runShell(t, t.TempDir(), zsh, "-f", "-c", `autoload -Uz compinit; compinit -u -d "$HOME/dump"; source "$1"; print -r -- "$_comps[jwtctl]"`, "zsh", script)
	if !slices.Equal(got, []string{"_jwtctl"}) {
		t.Errorf("got %v", got)
	}
}

func TestFishCompletion(t *testing.T) {
	fish, script := shell(t, "fish"), script(t, "fish")
	for line, want := range map[string]string{
		"jwtctl ver": "verify version", "jwtctl verify --alg HS": "HS256 HS384 HS512", "jwtctl revoked ": "list prune", "jwtctl lint --fail": "--fail-on",
	} {
		lines := runShell(t, t.TempDir(), fish, "--no-config", "-c", `source $argv[1]; complete -C $argv[2]`, script, line)
		for i := range lines {
			lines[i], _, _ = strings.Cut(lines[i], "\t")
		}
		if got := strings.Join(lines, " "); got != want {
			t.Errorf("%s: got %s, want %s", line, got, want)
		}
	}
}

// groff has nothing against the manual page, which has every command and flag.
func TestManualPage(t *testing.T) {
	s := session{t: t}
	page := s.ok("man")
	for _, command := range (&tool{}).app().Commands {
		if !strings.Contains(page, ".SS \"jwtctl "+command.Name+"\"\n") {
			t.Errorf("the page has no %s", command.Name)
		}
	}
	if !strings.Contains(page, `\-\-secret\-file`) { // roff makes other hyphens, which cannot be copied to a command line
		t.Error("the page has bare hyphens")
	}
	groff := shell(t, "groff")
	text := strings.Join(runShell(t, t.TempDir(), groff, "-man", "-ww", "-K", "utf8", "-Tutf8", "-P-bcu", s.file("jwtctl.1", page)), "\n")
	for _, want := range []string{"--secret-file FILE", "jwtctl keygen --alg HS256 > app.secret", `'["admin"]'`, "--claims-to-verify", "NO_COLOR", "lost       the builtin"} {
		if !strings.Contains(strings.ReplaceAll(text, "\b", ""), want) {
			t.Errorf("the page does not show %s", want)
		}
	}
}
