package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// refusedLine is what the host logs, as an error, for every request that it
// refuses.
const refusedLine = "missing or invalid token"

// LogTail is the end of the gateway's error log, for the message of a failure,
// without the lines for refused requests and those of the level debug.
func (n *Node) LogTail(lines int) string {
	content, err := os.ReadFile(filepath.Join(n.LogDir(), "error.log"))
	if err != nil {
		return err.Error()
	}
	var kept []string
	for line := range strings.Lines(string(content)) {
		if !strings.Contains(line, refusedLine) && !strings.Contains(line, "] [DEBU] [") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept[max(0, len(kept)-lines):], "")
}

// LogDir is where the gateway writes its error log.
func (n *Node) LogDir() string {
	dir, err := readSetting(n.Dir, "log_dir")
	if err != nil {
		return filepath.Join(n.Dir, logDir)
	}
	return dir
}

// AccessLogDir is where an AccessLog of this node should write.
func (n *Node) AccessLogDir() string { return filepath.Join(n.Dir, accessDir) }

// AccessEntry waits for the access log's entry in which field has this value.
// The host writes a log about a second after the last request.
func (n *Node) AccessEntry(ctx context.Context, log AccessLog, field, value string) (map[string]string, error) {
	var entry map[string]string
	err := poll(ctx, "access log", func() error {
		content, err := os.ReadFile(filepath.Join(log.Dir, log.Name+".log"))
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(content)) {
			var fields map[string]string
			if err := json.Unmarshal([]byte(line), &fields); err != nil {
				return fmt.Errorf("access log: %w", err)
			}
			if fields[field] == value {
				entry = fields
				return nil
			}
		}
		return fmt.Errorf("no entry with %s %q", field, value)
	})
	return entry, err
}
