// Package stored reads what a gateway has stored, applications above all: through its admin API, or in its data directory.
package stored

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.etcd.io/bbolt"
	"go.etcd.io/etcd/api/v3/mvccpb"

	"apinto-jwt/cmd/jwtctl/internal/admin"
	"apinto-jwt/cmd/jwtctl/internal/files"
)

// App is a stored application.
type App struct {
	ID   string
	Text []byte // JSON, as the admin API takes it.
}

// Worker is anything that is stored: an application, a router, a setting.
type Worker struct {
	ID         string // As "shop@app".
	Profession string // As "app".
	Text       []byte // JSON, as the admin API takes it.
}

// applications is the profession of applications.
const applications = "app"

// DatabaseFile is the file of the gateway's etcd, below the data directory.
var DatabaseFile = filepath.Join("member", "snap", "db")

// lockWait is how long In waits for the gateway to let go of its data.
const lockWait = 2 * time.Second

// At reads the applications of a running gateway.
func At(a *admin.API) ([]App, error) {
	stored, err := a.Stored(applications)
	if err != nil {
		return nil, err
	}
	list := make([]App, len(stored))
	for i, app := range stored {
		list[i] = App{app.ID, app.Text}
	}
	return list, nil
}

// In reads the applications in a gateway's data directory.
func In(dir string) ([]App, error) {
	workers, err := Workers(dir)
	if err != nil {
		return nil, err
	}
	var list []App
	for _, worker := range workers {
		if worker.Profession == applications {
			list = append(list, App{worker.ID, worker.Text})
		}
	}
	return list, nil
}

// Workers reads all that is stored in a gateway's data directory, in the order of the IDs.
func Workers(dir string) ([]Worker, error) {
	file := filepath.Join(dir, DatabaseFile)
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("--data: there is no %s in it; it is the gateway's data_dir", DatabaseFile)
	}
	db, err := bbolt.Open(file, 0, &bbolt.Options{ReadOnly: true, Timeout: lockWait})
	if errors.Is(err, bbolt.ErrTimeout) {
		return nil, errors.New("--data: the gateway runs; stop it, or give --admin")
	}
	if err != nil {
		return nil, fmt.Errorf("--data: %w", files.WithoutPath(err))
	}
	defer func() { _ = db.Close() }()
	var list []Worker
	err = db.View(func(tx *bbolt.Tx) (err error) {
		list, err = workersIn(tx)
		return err
	})
	return list, err
}

// workersIn reads etcd's history, which is in the order of its changes: the last one of a key counts. A change is a
// deletion if its own key, the revision, ends in a "t".
func workersIn(tx *bbolt.Tx) ([]Worker, error) {
	history := tx.Bucket([]byte("key"))
	if history == nil {
		return nil, errors.New("--data: the file is no data of etcd's")
	}
	const revision = 17 // bytes: 8, "_", 8
	now := make(map[string][]byte)
	err := history.ForEach(func(at, change []byte) error {
		var kv mvccpb.KeyValue
		if err := kv.Unmarshal(change); err != nil {
			return fmt.Errorf("--data: a change cannot be read: %w", err)
		}
		if len(at) > revision {
			delete(now, string(kv.Key))
		} else if bytes.HasPrefix(kv.Key, []byte("/worker/")) {
			now[string(kv.Key)] = kv.Value
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var list []Worker
	for key, value := range now {
		var worker struct {
			ID         string `json:"id"`
			Profession string `json:"profession"`
			Body       []byte `json:"body"`
		}
		if err := json.Unmarshal(value, &worker); err != nil {
			return nil, fmt.Errorf("--data: what is stored as %q cannot be read", strings.TrimPrefix(key, "/worker/"))
		}
		list = append(list, Worker{worker.ID, worker.Profession, worker.Body})
	}
	slices.SortFunc(list, func(a, b Worker) int { return strings.Compare(a.ID, b.ID) })
	return list, nil
}
