package load

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

// Name implements Loader.
func (*wrk) Name() string { return "wrk" }

// Run implements Loader.
func (w *wrk) Run(ctx context.Context, r Request, duration time.Duration) (Sample, error) {
	ctx, cancel := context.WithTimeout(ctx, duration+30*time.Second)
	defer cancel()
	args := []string{
		"-t1", "-c", strconv.Itoa(r.connections()), "-d", fmt.Sprintf("%.0fs", max(1, duration.Seconds())), "--latency", "--timeout", "30s",
	}
	switch {
	case len(r.Values) > 1 || r.Body > 0:
		dir, err := os.MkdirTemp("", "apinto-jwt-bench-")
		if err != nil {
			return Sample{}, fmt.Errorf("wrk: %w", err)
		}
		defer os.RemoveAll(dir)
		script, err := writeScript(dir, r)
		if err != nil {
			return Sample{}, err
		}
		args = append(args, script...)
	case len(r.Values) == 1:
		args = append(args, "-H", r.Header+": "+r.Values[0], r.URL)
	default:
		args = append(args, r.URL)
	}
	out, err := exec.CommandContext(ctx, w.path, args...).CombinedOutput()
	if err != nil {
		return Sample{}, fmt.Errorf("wrk: %w: %s", err, out)
	}
	return parseWrk(string(out))
}

// writeScript writes the script and the values that it reads, and returns wrk's arguments from there on.
func writeScript(dir string, r Request) ([]string, error) {
	script, values := filepath.Join(dir, "tokens.lua"), filepath.Join(dir, "values.txt")
	if err := os.WriteFile(script, tokensScript, 0o600); err != nil {
		return nil, fmt.Errorf("wrk: %w", err)
	}
	var lines strings.Builder
	for _, value := range r.Values {
		lines.WriteString(value)
		lines.WriteByte('\n')
	}
	if err := os.WriteFile(values, []byte(lines.String()), 0o600); err != nil {
		return nil, fmt.Errorf("wrk: %w", err)
	}
	return []string{"-s", script, r.URL, "--", values, r.Header, strconv.Itoa(r.Body)}, nil
}

var (
	wrkRate     = regexp.MustCompile(`Requests/sec:\s+([0-9.]+)`)
	wrkSent     = regexp.MustCompile(`(\d+) requests in`)
	wrkP50      = regexp.MustCompile(`50%\s+([0-9.]+(?:us|ms|s|m))`)
	wrkP99      = regexp.MustCompile(`99%\s+([0-9.]+(?:us|ms|s|m))`)
	wrkFailures = regexp.MustCompile(`(?m)^\s*(Non-2xx.*|Socket errors.*)$`)
)

// parseWrk reads what wrk prints.
func parseWrk(out string) (Sample, error) {
	if failure := wrkFailures.FindString(out); failure != "" {
		return Sample{}, fmt.Errorf("%w: %s", ErrRefused, strings.TrimSpace(failure))
	}
	rate, sent := wrkRate.FindStringSubmatch(out), wrkSent.FindStringSubmatch(out)
	if rate == nil || sent == nil {
		return Sample{}, fmt.Errorf("wrk: its output cannot be read: %s", out)
	}
	var s Sample
	s.Rate, _ = strconv.ParseFloat(rate[1], 64) // digits and a point
	s.Sent, _ = strconv.Atoi(sent[1])
	if p50 := wrkP50.FindStringSubmatch(out); p50 != nil {
		s.P50, _ = time.ParseDuration(p50[1])
	}
	if p99 := wrkP99.FindStringSubmatch(out); p99 != nil {
		s.P99, _ = time.ParseDuration(p99[1])
	}
	return s, nil
}
