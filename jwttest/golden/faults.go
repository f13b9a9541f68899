package golden

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

// Faults saves each configuration of testdata/faults.json, which must fail, and compares the faults of all with
// testdata/faults.golden. kind is the error that they are; the host, which reads the configuration, does not wrap it.
func Faults(t *testing.T, kind error, save func(config string) error) {
	t.Helper()
	text, err := os.ReadFile("testdata/faults.json")
	if err != nil {
		t.Fatal(err)
	}
	var configs []json.RawMessage
	if err := json.Unmarshal(text, &configs); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, config := range configs {
		err := save(string(config))
		if err == nil || !strings.Contains(err.Error(), ": "+kind.Error()+": ") {
			t.Errorf("%s: got error %v", config, err)
			continue
		}
		_, list, _ := strings.Cut(err.Error(), kind.Error()+": ")
		fmt.Fprintf(&b, "%s\n  %s\n", config, strings.ReplaceAll(list, "; ", "\n  "))
	}
	Expect(t, "faults", b.String())
}
