package gateway

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Names of the files and directories inside a gateway's directory.
const (
	settingsFile = "apinto.yml" // where the gateway keeps its files; read from the working directory
	configFile   = "config.yml" // what it listens on
	dataDir      = "data"
	pidDir       = "pid"
	logDir       = "log"
	socketDir    = "sock"
	extendsDir   = "extends"
	accessDir    = "access"
)

// maxSocketDir bounds the socket directory's path: the kernel takes socket paths
// of at most 107 bytes (103 on BSD), the gateway's file names have up to 34.
const maxSocketDir = 64

// writeFiles makes the directories and those of the two configuration files
// that are not there yet; what a user has written stays.
func writeFiles(dir string, ports Ports, logLevel string) error {
	for _, path := range []string{dataDir, pidDir, logDir, extendsDir, accessDir} {
		if err := os.MkdirAll(filepath.Join(dir, path), 0o750); err != nil {
			return fmt.Errorf("gateway directory: %w", err)
		}
	}
	err := writeNew(filepath.Join(dir, settingsFile), func() (string, error) {
		sockets, err := socketPath(dir)
		return settings(dir, sockets, logLevel), err
	})
	if err != nil {
		return err
	}
	return writeNew(filepath.Join(dir, configFile), func() (string, error) { return listens(ports), nil })
}

// socketPath is the directory for the processes' sockets: the one inside dir,
// or where that path is too long for a socket a short one elsewhere.
func socketPath(dir string) (string, error) {
	inside := filepath.Join(dir, socketDir)
	if len(inside) <= maxSocketDir {
		return inside, os.MkdirAll(inside, 0o700)
	}
	return os.MkdirTemp("/tmp", "apinto-sock-")
}

// removeAll removes a temporary gateway's directory, and its sockets' if that
// had to be elsewhere.
func removeAll(dir string) error {
	sockets, err := readSetting(dir, "socket_dir")
	if err == nil {
		err = os.RemoveAll(sockets)
	}
	return errors.Join(err, os.RemoveAll(dir))
}

func settings(dir, sockets, logLevel string) string {
	lines := []string{
		line("config", filepath.Join(dir, configFile)),
		line("data_dir", filepath.Join(dir, dataDir)),
		line("pid_dir", filepath.Join(dir, pidDir)),
		line("log_dir", filepath.Join(dir, logDir)),
		line("extends_dir", filepath.Join(dir, extendsDir)),
		line("socket_dir", sockets),
		line("error_log_name", "error.log"),
		line("error_log_level", logLevel),
	}
	return strings.Join(lines, "")
}

func line(key, value string) string { return fmt.Sprintf("%s: %q\n", key, value) }

// writeNew writes a file that is not there yet.
func writeNew(path string, content func() (string, error)) error {
	_, err := os.Stat(path)
	if err == nil {
		return nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("gateway directory: %w", err)
	}
	text, err := content()
	if err == nil {
		err = os.WriteFile(path, []byte(text), 0o600)
	}
	if err != nil {
		return fmt.Errorf("gateway directory: %w", err)
	}
	return nil
}
