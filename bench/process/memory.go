package process

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
)

// memory returns the resident bytes of a process. A page that several processes share counts in parts. 0 if the process has ended.
func memory(pid int) int64 {
	for _, one := range []struct{ file, field string }{{"smaps_rollup", "Pss:"}, {"status", "VmRSS:"}} {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, one.file))
		if err != nil {
			continue // an old kernel, or another user's process
		}
		if n, ok := kibibytes(text, one.field); ok {
			return n
		}
	}
	return 0
}

// kibibytes finds a field such as "Pss:   12 kB" and returns its bytes.
func kibibytes(text []byte, field string) (int64, bool) {
	for line := range bytes.Lines(text) {
		words := bytes.Fields(line)
		if len(words) != 3 || string(words[0]) != field || string(words[2]) != "kB" {
			continue
		}
		n, err := strconv.ParseInt(string(words[1]), 10, 64)
		return n << 10, err == nil
	}
	return 0, false
}
