package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.etcd.io/bbolt"
	"go.etcd.io/etcd/api/v3/mvccpb"

	"apinto-jwt/cmd/jwtctl/internal/admin"
)

// databaseFile is where the gateway's etcd keeps its data, in the data directory.
var databaseFile = filepath.Join("member", "snap", "db")

// lockWait is how long the check waits for the gateway to let go of its data.
const lockWait = 2 * time.Second

// storedAt reads the applications of a running gateway.
func storedAt(a *admin.API) ([]storedApp, error) {
	stored, err := a.Stored()
	if err != nil {
		return nil, err
	}
	list := make([]storedApp, len(stored))
	for i, app := range stored {
		list[i] = storedApp{app.ID, app.Text}
	}
	return list, nil
}

// storedApplications reads the applications in a gateway's data directory.
func storedApplications(dir string) ([]storedApp, error) {
	file := filepath.Join(dir, databaseFile)
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("--data: there is no %s in it; it is the gateway's data_dir", databaseFile)
	}
	db, err := bbolt.Open(file, 0, &bbolt.Options{ReadOnly: true, Timeout: lockWait})
	if errors.Is(err, bbolt.ErrTimeout) {
		return nil, errors.New("--data: the gateway runs; stop it, or give --admin")
	}
	if err != nil {
		return nil, fmt.Errorf("--data: %w", withoutPath(err))
	}
	defer func() { _ = db.Close() }()
	var list []storedApp
	err = db.View(func(tx *bbolt.Tx) (err error) {
		list, err = applicationsIn(tx)
		return err
	})
	return list, err
}

// applicationsIn reads etcd's history, which is in the order of its changes: the last one of a key counts. A change is a
// deletion where its own key, the revision, ends in a "t".
func applicationsIn(tx *bbolt.Tx) ([]storedApp, error) {
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
	var list []storedApp
	for key, value := range now {
		var worker struct {
			ID         string `json:"id"`
			Profession string `json:"profession"`
			Body       []byte `json:"body"`
		}
		if err := json.Unmarshal(value, &worker); err != nil {
			return nil, fmt.Errorf("--data: what is stored as %q cannot be read", strings.TrimPrefix(key, "/worker/"))
		}
		if worker.Profession == "app" {
			list = append(list, storedApp{worker.ID, worker.Body})
		}
	}
	return list, nil
}
