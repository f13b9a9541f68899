package commandline

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"apinto-jwt/jwttest/golden"
	"apinto-jwt/jwttest/must"
)

// odd is a program whose texts have what shells and roff take for something else.
var odd = Program{
	Name: "odd", Usage: `it's "odd" $(touch made) [really]: 100% \n`, Version: `v1 "beta"`,
	Commands: []Command{
		{
			Name: "look", Usage: `don't: [look] \ $HOME`, Synopsis: "odd look [--key FILE] (TOKEN | @FILE)",
			Text:  ".TH begins a line\n'and so does this\n\nEXAMPLES\n   odd look --key `touch made` -- '$x'",
			Files: "@",
			Flags: []Flag{
				{Names: []string{"key", "k"}, Usage: "`FILE` with a key: it's [not] shown", Value: "FILE"},
				{Names: []string{"alg"}, Usage: "`ALG` to take", Value: "ALG", Values: []string{"HS256", "ES256"}},
				{Names: []string{"claim"}, Usage: "`NAME=VALUE`, $(touch made)", Value: "NAME=VALUE", Repeated: true},
				{Names: []string{"dir"}, Usage: "in `DIR`", Value: "DIR"},
				{Names: []string{"force"}, Usage: `replace \ all`},
			},
		},
		{Name: "take", Usage: "take files", Synopsis: "odd take FILE…"},
		{Name: "say", Usage: "say a word", Synopsis: "odd say (yes | no)", Words: []string{"yes", "no"}, Files: NoFiles},
		{Name: "rest", Usage: "do nothing", Synopsis: "odd rest", Files: NoFiles},
	},
	Variables: [][2]string{{"ODD", "'is' read."}},
	Statuses:  [][2]string{{"0", ".done"}},
}

// scripts are what is made of a program, by what reads it.
var scripts = map[string]func(Program) string{"bash": Bash, "zsh": Zsh, "fish": Fish, "man": Man}

func TestScripts(t *testing.T) {
	for name, of := range scripts {
		golden.Expect(t, name, of(odd))
	}
}

// A shell that reads its script runs nothing that a text says.
func TestScriptsRunNothing(t *testing.T) {
	for name, args := range map[string][]string{
		"bash": {"--norc", "-c", `source "$0"`}, "zsh": {"-f", "-c", `autoload -Uz compinit; compinit -u -D; source "$0"`}, "fish": {"--no-config", "-c", `source $argv[1]`},
	} {
		t.Run(name, func(t *testing.T) {
			shell, err := exec.LookPath(name)
			if err != nil {
				t.Skip(name + " is not installed")
			}
			dir := t.TempDir()
			script := filepath.Join(dir, "script")
			must.Succeed(t, os.WriteFile(script, []byte(scripts[name](odd)), 0o600))
			command := exec.Command(shell, append(args, script)...)
			command.Dir, command.Env = dir, append(os.Environ(), "HOME="+dir)
			if out, err := command.CombinedOutput(); err != nil || len(out) > 0 {
				t.Errorf("%v, %s", err, out)
			}
			if _, err := os.Stat(filepath.Join(dir, "made")); err == nil {
				t.Error("a text was run")
			}
		})
	}
}

// groff shows the texts as they are, and has nothing against the page.
func TestManShowsTexts(t *testing.T) {
	groff, err := exec.LookPath("groff")
	if err != nil {
		t.Skip("groff is not installed")
	}
	command := exec.Command(groff, "-man", "-ww", "-K", "utf8", "-Tutf8", "-P-bcu")
	command.Stdin = strings.NewReader(Man(odd))
	out, err := command.CombinedOutput()
	must.Succeed(t, err)
	for _, want := range []string{
		`it's "odd" $(touch made) [really]: 100% \n`, ".TH begins a line", "'and so does this", "--key FILE, --k FILE", "odd look --key `touch made` -- '$x'", "odd take FILE…",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("the page does not show %s:\n%s", want, out)
		}
	}
}
