package peers

import (
	"strings"
	"testing"
	"time"
)

func TestExecute(t *testing.T) {
	begin := time.Now()
	err := execute(t.Context(), 200*time.Millisecond, t.TempDir(), nil, "sh", "-c", "echo first; echo slow; sleep 60 & wait")
	if err == nil || err.Error() != "not within 200ms: slow" {
		t.Errorf("at the limit: %v", err)
	}
	if elapsed := time.Since(begin); elapsed > 20*time.Second {
		t.Errorf("it waited %s for what the program had started", elapsed)
	}
	if err := execute(t.Context(), time.Minute, t.TempDir(), []string{"WORD=bad"}, "sh", "-c", `echo "$WORD"; exit 3`); err == nil ||
		!strings.HasSuffix(err.Error(), "3: bad") {
		t.Errorf("a failure: %v", err)
	}
	if err := execute(t.Context(), time.Minute, "", nil, "true"); err != nil {
		t.Error(err)
	}
}
