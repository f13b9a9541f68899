package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"apinto-jwt/cmd/jwtctl/internal/convert"
	"apinto-jwt/jwttest/must"
)

// toConvert is a configuration of another gateway, of which one consumer can be carried.
const toConvert = `
consumers:
  - username: shop
    jwt_secrets:
      - {key: shop, secret: ` + longSecret + `}
    acls: [{group: readers}]
  - username: odd
    jwt_secrets:
      - {key: odd, algorithm: RS256, rsa_public_key: no key}
`

// The calls go to standard output, what they do not carry to standard error.
func TestConvertPrintsCalls(t *testing.T) {
	s := session{t: t}
	r := s.run("convert", "--from", "kong", s.file("kong.yaml", toConvert))
	if r.code != exitOK || strings.Count(r.out, "curl ") != 1 || !strings.Contains(r.out, `"secret": "`+longSecret+`"`) {
		t.Errorf("exit status %d, %s", r.code, r.out)
	}
	if !strings.Contains(r.err, "demands more: consumers[0].acls: ") || !strings.Contains(r.err, "consumers[1]: its entry is left out") || strings.Contains(r.err, longSecret) {
		t.Errorf("got %s", r.err)
	}
	s.stdin = toConvert
	r = s.run("convert", "--from", "kong", "--json", "-")
	var result convert.Result
	if err := json.Unmarshal([]byte(r.out), &result); err != nil || len(result.Calls) != 1 || len(result.Left) < 2 || r.err != "" {
		t.Errorf("%v, %s%s", err, r.out, r.err)
	}
}

// With --dir each application has a file that only its owner reads, and that lint takes.
func TestConvertWritesFiles(t *testing.T) {
	s := session{t: t}
	dir, source := t.TempDir(), s.file("kong.yaml", toConvert)
	name := filepath.Join(dir, "shop.json")
	if r := s.run("convert", "--from", "kong", "--dir", dir, source); r.code != exitOK || r.out != name+"\n" {
		t.Errorf("exit status %d, %s%s", r.code, r.out, r.err)
	}
	info, err := os.Stat(name)
	must.Succeed(t, err)
	if info.Mode().Perm() != privateMode {
		t.Errorf("mode %v", info.Mode())
	}
	if r := s.run("convert", "--from", "kong", "--dir", dir, source); r.code != exitFailed || !strings.Contains(r.err, "exists") {
		t.Errorf("exit status %d, %s", r.code, r.err)
	}
	if r := s.run("convert", "--from", "kong", "--dir", dir, "--force", "--json", source); r.code != exitOK || !strings.Contains(r.out, `"files"`) {
		t.Errorf("exit status %d, %s%s", r.code, r.out, r.err)
	}
	if got := s.linted(exitFailed, dir); len(got) == 0 {
		t.Error("lint finds nothing")
	}
}

func TestConvertRefuses(t *testing.T) {
	s := session{t: t}
	for want, tt := range map[string]struct {
		code int
		args []string
	}{
		"--from is none of apinto, apisix": {exitUsage, []string{"--from", "nginx", "x"}},
		"one file is expected":             {exitUsage, []string{"--from", "kong"}},
		"--force goes with --dir":          {exitUsage, []string{"--from", "kong", "--force", "x"}},
		"neither a JSON nor a YAML":        {exitFailed, []string{"--from", "kong", s.file("a", "[")}},
		"has no configuration of tokens":   {exitFailed, []string{"--from", "envoy", s.file("b", "a: 1")}},
		"the file: no such file":           {exitFailed, []string{"--from", "envoy", filepath.Join(t.TempDir(), "c")}},
		"is not known to this converter":   {exitFailed, []string{"--from", "kong", s.file("d", "what: 1")}},
	} {
		if r := s.run(append([]string{"convert"}, tt.args...)...); r.code != tt.code || !strings.Contains(r.err, want) || r.out != "" && tt.code == exitUsage {
			t.Errorf("%q: exit status %d, %s%s", tt.args, r.code, r.out, r.err)
		}
	}
}
