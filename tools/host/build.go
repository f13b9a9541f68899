package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// module is a module of the host as it is in the module cache.
type module struct {
	path, version, dir string
}

// build writes the edited modules and their go.mod into dir, unless they are
// there already. They take the folder's place at once, when all is there.
func build(dir string, edits []edit, out io.Writer) error {
	modfile, err := os.ReadFile("go.mod")
	if err != nil {
		return fmt.Errorf("run it in the project's root: %w", err)
	}
	sums, err := os.ReadFile("go.sum")
	if err != nil {
		return err
	}
	stamp, err := stampOf(modfile, sums)
	if err != nil {
		return err
	}
	if made, err := os.ReadFile(filepath.Join(dir, stampName)); err == nil && string(made) == stamp { //nolint:gosec // the folder that is named
		return nil
	}
	next, err := os.MkdirTemp(filepath.Dir(dir), ".host-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(next) }()
	for path, of := range byModule(edits) {
		m, err := find(path, of)
		if err != nil {
			return err
		}
		name := filepath.Base(path) + "@" + m.version
		if err := m.copyEdited(filepath.Join(next, name), of); err != nil {
			return err
		}
		modfile = fmt.Appendf(modfile, "\nreplace %s %s => ./%s\n", path, m.version, filepath.ToSlash(filepath.Join(dir, name)))
	}
	if err := writeFiles(next, map[string][]byte{"go.mod": modfile, "go.sum": sums, stampName: []byte(stamp)}); err != nil {
		return err
	}
	if err := errors.Join(os.Chmod(next, 0o755), os.RemoveAll(dir), os.Rename(next, dir)); err != nil { //nolint:gosec // source code
		return err
	}
	_, err = fmt.Fprintf(out, "host with %d edits: %s\n", len(edits), strings.Join(editNames(edits), ", "))
	return err
}

// stampName is the file that says from what a folder was made.
const stampName = "made-from"

// stampOf returns a digest of all that the edited modules depend on: the
// project's versions, and this program with its edits.
func stampOf(modfile, sums []byte) (string, error) {
	program, err := os.Executable()
	if err != nil {
		return "", err
	}
	code, err := os.ReadFile(program) //nolint:gosec // this program
	if err != nil {
		return "", err
	}
	digest := sha256.New()
	for _, part := range [][]byte{modfile, sums, code} {
		fmt.Fprintf(digest, "%d\n", len(part))
		digest.Write(part)
	}
	return hex.EncodeToString(digest.Sum(nil)) + "\n", nil
}

// writeFiles writes each text into the file of its name.
func writeFiles(dir string, texts map[string][]byte) error {
	for name, text := range texts {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil { //nolint:gosec // as the project's own
			return err
		}
	}
	return nil
}

// byModule sorts the edits by the modules that they change.
func byModule(edits []edit) map[string][]edit {
	modules := make(map[string][]edit)
	for _, e := range edits {
		modules[e.module] = append(modules[e.module], e)
	}
	return modules
}

// download brings the module of go.mod into the Go module cache, as on a new machine, and returns its folder.
func download(path, version string) (string, error) {
	fmt.Fprintf(os.Stderr, "downloading %s %s …\n", path, version)
	answer, err := exec.Command("go", "mod", "download", "-json", path).Output() //nolint:gosec // a path of edits.go
	var result struct{ Dir, Error string }
	if parsed := json.Unmarshal(answer, &result); parsed != nil || result.Error != "" || result.Dir == "" {
		return "", fmt.Errorf("module %s %s cannot be downloaded: %s", path, version, cmp.Or(result.Error, fmt.Sprint(err)))
	}
	return result.Dir, nil
}

// find asks the go command for the module's version and its folder, and refuses
// another version than the edits are for.
func find(path string, edits []edit) (module, error) {
	answer, err := exec.Command("go", "list", "-m", "-f", "{{.Version}} {{.Dir}}", path).Output() //nolint:gosec // a path of edits.go
	if err != nil {
		return module{}, fmt.Errorf("module %s: %w", path, err)
	}
	version, dir, _ := strings.Cut(strings.TrimSpace(string(answer)), " ")
	for _, e := range edits {
		if e.version != version {
			return module{}, fmt.Errorf("edit %s is for %s %s, and go.mod has %s; correct the edit in tools/host, or build with HOST=stock",
				e.name, path, e.version, version)
		}
	}
	if dir == "" {
		if dir, err = download(path, version); err != nil {
			return module{}, err
		}
	}
	return module{path: path, version: version, dir: dir}, nil
}

// copyEdited copies the module to dir with the edits made.
func (m module) copyEdited(dir string, edits []edit) error {
	if err := os.CopyFS(dir, os.DirFS(m.dir)); err != nil {
		return err
	}
	for file, of := range byFile(edits) {
		name := filepath.Join(dir, filepath.FromSlash(file))
		text, err := os.ReadFile(name) //nolint:gosec // a name of edits.go
		if err != nil {
			return fmt.Errorf("edit %s: %w", of[0].name, err)
		}
		edited, err := apply(text, of)
		if err != nil {
			return err
		}
		if err := os.WriteFile(name, edited, 0o644); err != nil { //nolint:gosec // source code
			return err
		}
	}
	return nil
}

// byFile sorts the edits by the files that they change.
func byFile(edits []edit) map[string][]edit {
	files := make(map[string][]edit)
	for _, e := range edits {
		files[e.file] = append(files[e.file], e)
	}
	return files
}
