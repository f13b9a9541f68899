package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The two halves of the groups that run on the stock host too are all of them, and .ci/run names one of the halves.
func TestStockGroups(t *testing.T) {
	mains, err := filepath.Glob(filepath.Join(root, "test/e2e/*/main_test.go"))
	if err != nil || len(mains) == 0 {
		t.Fatal(mains, err)
	}
	var all []string
	for _, main := range mains {
		all = append(all, "./test/e2e/"+filepath.Base(filepath.Dir(main)))
	}
	halves := append(stockGroups(t, "0"), stockGroups(t, "1")...)
	if slices.Sort(halves); !slices.Equal(halves, all) {
		t.Errorf("the halves have %v, all groups are %v", halves, all)
	}
	if got := stockGroups(t, "all"); !slices.Equal(got, all) {
		t.Errorf(`"all" has %v`, got)
	}
	if got := stockGroups(t, "none"); got != nil {
		t.Errorf(`"none" has %v`, got)
	}
	if output, err := makeWouldRun(t, "2"); err == nil || !strings.Contains(output, "ON_STOCK") {
		t.Errorf("another value: error %v, it said %q", err, output)
	}
	if len(stockGroups(t, "0")) == 0 || len(stockGroups(t, "1")) == 0 {
		t.Error("one of the halves has no group")
	}
}

// stockGroups returns the groups that make would test on the stock host.
func stockGroups(t *testing.T, which string) []string {
	t.Helper()
	commands, err := makeWouldRun(t, which)
	if err != nil {
		t.Fatalf("%v: %s", err, commands)
	}
	return regexp.MustCompile(`\./test/e2e/\w+`).FindAllString(commands, -1)
}

func makeWouldRun(t *testing.T, which string) (commands string, err error) {
	t.Helper()
	command := exec.Command("make", "-n", "-s", "-C", root, "e2e-stock", "ON_STOCK="+which, "HOST=edited")
	output, err := command.CombinedOutput()
	return string(output), err
}

// The number of commits says which half, and whether npm's registry answers whether its packages are run.
func TestCI(t *testing.T) {
	for _, test := range []struct{ commits, npm, want string }{
		{"41", "exit 0", "test ON_STOCK=1\ninterop\n"},
		{"42", "exit 0", "test ON_STOCK=0\ninterop\n"},
		{"42", "exit 1", "test ON_STOCK=0\nleft out: make interop, as npm's registry cannot be reached\n"},
	} {
		bin := t.TempDir()
		for name, script := range map[string]string{"make": `echo "$@"`, "git": "echo " + test.commits, "node": "", "npm": test.npm} {
			if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
				t.Fatal(err)
			}
		}
		command := exec.Command(filepath.Join(root, ".ci/run"))
		command.Env = []string{"PATH=" + bin + string(os.PathListSeparator) + os.Getenv("PATH")}
		output, err := command.CombinedOutput()
		if err != nil || string(output) != "lint\n"+test.want {
			t.Errorf("after %s commits, where npm ends with %q: error %v, it printed %q", test.commits, test.npm, err, output)
		}
	}
}
