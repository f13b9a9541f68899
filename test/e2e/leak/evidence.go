package leak

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Evidence is what was seen, in files of a directory.
type Evidence struct {
	dir  string
	mu   sync.Mutex
	kept int
	note *os.File
}

// NewEvidence makes a directory for it.
func NewEvidence() (*Evidence, error) {
	dir, err := os.MkdirTemp("", "apinto-jwt-seen-")
	if err != nil {
		return nil, fmt.Errorf("leak: %w", err)
	}
	note, err := os.Create(filepath.Join(dir, "notes"))
	if err != nil {
		return nil, fmt.Errorf("leak: %w", err)
	}
	return &Evidence{dir: dir, note: note}, nil
}

// Remove removes all of it.
func (e *Evidence) Remove() error { return errors.Join(e.note.Close(), os.RemoveAll(e.dir)) }

// Note keeps a text: an answer, an error, what a command printed.
func (e *Evidence) Note(text string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	_, _ = e.note.WriteString(text + "\n") // a full disk fails the run elsewhere
}

// Keep takes a directory over, with the logs in it.
func (e *Evidence) Keep(dir string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.kept++
	if err := os.Rename(dir, filepath.Join(e.dir, fmt.Sprintf("%d-%s", e.kept, filepath.Base(dir)))); err != nil {
		return fmt.Errorf("leak: %w", err)
	}
	return nil
}

// Known is a place where the host, not this project, shows secrets.
type Known struct {
	What string
	Kind Kind           // the only kind of secret that is shown there
	In   *regexp.Regexp // the part of a line that shows it
}

// Report is what a search found.
type Report struct {
	Bytes  int64
	Lines  int
	Hosts  map[string]int // lines in known places, by place
	Leaks  int
	Sample []string // of the leaks
}

// samples bounds the leaks that are shown.
const samples = 20

// Search looks for all secrets in all that was kept.
func (e *Evidence) Search(secrets *Secrets, known []Known) (Report, error) {
	secrets.mu.Lock()
	s := search{index: newIndex(maps.Clone(secrets.kinds)), known: known, report: Report{Hosts: map[string]int{}}}
	secrets.mu.Unlock()
	err := filepath.WalkDir(e.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		return s.file(path)
	})
	return s.report, err
}

// search is one under way.
type search struct {
	index  *index
	known  []Known
	report Report
}

func (s *search) file(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("leak: %w", err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(make([]byte, 1<<20), 1<<28)
	for lines.Scan() {
		s.line(filepath.Base(path), lines.Bytes())
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("leak: %s: %w", path, err)
	}
	return nil
}

func (s *search) line(name string, line []byte) {
	s.report.Lines++
	s.report.Bytes += int64(len(line)) + 1
	found := map[string]Kind{}
	s.index.find(line, func(kind Kind, text string) { found[text] = kind })
	if len(found) == 0 {
		return
	}
	for _, k := range s.known {
		if s.explain(k, line, found) {
			s.report.Hosts[k.What]++
		}
	}
	for _, text := range slices.Sorted(maps.Keys(found)) {
		s.report.Leaks++
		if len(s.report.Sample) < samples {
			s.report.Sample = append(s.report.Sample, fmt.Sprintf("%s %.40q in %s: %s", found[text], text, name, around(string(line), text)))
		}
	}
}

// explain takes out of found what stands in the known place and nowhere else in the line.
func (s *search) explain(k Known, line []byte, found map[string]Kind) bool {
	if !k.In.Match(line) {
		return false
	}
	elsewhere := map[string]bool{}
	s.index.find(k.In.ReplaceAll(line, nil), func(_ Kind, text string) { elsewhere[text] = true })
	before := len(found)
	maps.DeleteFunc(found, func(text string, kind Kind) bool { return kind == k.Kind && !elsewhere[text] })
	return len(found) < before
}

// around is the line's begin, and the text with what stands beside it.
func around(line, text string) string {
	const beside = 60
	at := strings.Index(line, text)
	begin, end := max(0, at-beside), min(len(line), at+2*beside)
	if begin <= 2*beside {
		return line[:end]
	}
	return line[:2*beside] + " … " + line[begin:end]
}
