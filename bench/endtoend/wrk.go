package endtoend

import (
	"context"
	_ "embed" // for the script
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

//go:embed tokens.lua
var tokensScript []byte

// wrk is the load generator of that name.
type wrk struct{ path string }

func findWrk() (string, error) { return exec.LookPath("wrk") }

func (*wrk) name() string { return "wrk" }

func (w *wrk) run(ctx context.Context, r request, duration time.Duration) (sample, error) {
	ctx, cancel := context.WithTimeout(ctx, duration+30*time.Second)
	defer cancel()
	args := []string{"-t1", "-c", strconv.Itoa(connections), "-d", fmt.Sprintf("%.0fs", max(1, duration.Seconds())), "--latency", "--timeout", "30s"}
	switch {
	case len(r.values) == 1:
		args = append(args, "-H", r.header+": "+r.values[0], r.url)
	case len(r.values) > 1:
		dir, err := os.MkdirTemp("", "apinto-jwt-bench-")
		if err != nil {
			return sample{}, fmt.Errorf("wrk: %w", err)
		}
		defer os.RemoveAll(dir)
		script, values := filepath.Join(dir, "tokens.lua"), filepath.Join(dir, "values.txt")
		if err := os.WriteFile(script, tokensScript, 0o600); err != nil {
			return sample{}, fmt.Errorf("wrk: %w", err)
		}
		if err := os.WriteFile(values, []byte(strings.Join(r.values, "\n")+"\n"), 0o600); err != nil {
			return sample{}, fmt.Errorf("wrk: %w", err)
		}
		args = append(args, "-s", script, r.url, "--", values, r.header)
	default:
		args = append(args, r.url)
	}
	out, err := exec.CommandContext(ctx, w.path, args...).CombinedOutput()
	if err != nil {
		return sample{}, fmt.Errorf("wrk: %w: %s", err, out)
	}
	return parseWrk(string(out))
}

var (
	wrkRate     = regexp.MustCompile(`Requests/sec:\s+([0-9.]+)`)
	wrkSent     = regexp.MustCompile(`(\d+) requests in`)
	wrkP99      = regexp.MustCompile(`99%\s+([0-9.]+(?:us|ms|s|m))`)
	wrkFailures = regexp.MustCompile(`(?m)^\s*(Non-2xx.*|Socket errors.*)$`)
)

// parseWrk reads what wrk prints.
func parseWrk(out string) (sample, error) {
	if failure := wrkFailures.FindString(out); failure != "" {
		return sample{}, fmt.Errorf("%w: %s", errRefused, strings.TrimSpace(failure))
	}
	rate, sent := wrkRate.FindStringSubmatch(out), wrkSent.FindStringSubmatch(out)
	if rate == nil || sent == nil {
		return sample{}, fmt.Errorf("wrk: its output cannot be read: %s", out)
	}
	var s sample
	s.rate, _ = strconv.ParseFloat(rate[1], 64) // digits and a point
	s.sent, _ = strconv.Atoi(sent[1])
	if p99 := wrkP99.FindStringSubmatch(out); p99 != nil {
		s.p99, _ = time.ParseDuration(p99[1])
	}
	return s, nil
}
