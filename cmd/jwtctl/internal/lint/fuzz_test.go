package lint

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// Whatever is stored, there are findings of the catalogue, each with its place.
func FuzzRun(f *testing.F) {
	names, err := filepath.Glob("testdata/*.json")
	if err != nil || len(names) == 0 {
		f.Fatal(err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		var list []json.RawMessage
		if err := json.Unmarshal(text, &list); err != nil {
			f.Fatal(err)
		}
		for _, document := range list { // small ones are changed more
			f.Add(string(document), `{"key_sets":[{"failures":1}]}`)
		}
	}
	f.Fuzz(func(t *testing.T, document, status string) {
		in := &Input{Now: testNow, Gateway: &Gateway{Status: []byte(status)}}
		in.AddFile("a.json", []byte(document))
		in.AddFile("b.json", []byte("["+document+","+document+"]"))
		for _, finding := range Run(in) {
			if !Known(finding.ID) || finding.Object == "" || finding.What == "" {
				t.Errorf("%+v", finding)
			}
		}
	})
}
