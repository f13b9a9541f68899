package main

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"
	"go.etcd.io/etcd/api/v3/mvccpb"

	"apinto-jwt/cmd/jwtctl/internal/stored"
	"apinto-jwt/jwttest/must"
)

// storedApps are applications as a gateway stores them: by name, their JSON.
var storedApps = map[string]string{
	"fine": `{"auth":[{"type":"jwt","position":"header","token_name":"X","config":{"algorithm":"HS256","secret":"` + longSecret + `","path":"sub","claims_to_verify":["exp"]},"users":[{"pattern":{"username":"a"}}]}]}`,
	"lost": `{"auth":[{"type":"apikey"},{"type":"jwt","config":{"algorithm":"HS256","secret":" ","path":"sub"},"users":[{"pattern":{"username":"a"}}]}]}`,
}

// wantChecked holds the findings of the check.
const wantChecked = "lost@app: auth[1] (header, HS256): lost: config.secret: "

// changes are etcd's: key, value, and whether the key is deleted.
type change struct {
	key, value string
	deleted    bool
}

// dataDir writes a gateway's data directory.
func dataDir(t *testing.T, changes ...change) string {
	t.Helper()
	dir := t.TempDir()
	must.Succeed(t, os.MkdirAll(filepath.Join(dir, filepath.Dir(stored.DatabaseFile)), 0o700))
	db, err := bbolt.Open(filepath.Join(dir, stored.DatabaseFile), 0o600, nil)
	must.Succeed(t, err)
	err = db.Update(func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucket([]byte("key"))
		for i, c := range changes {
			revision := append(binary.BigEndian.AppendUint64(nil, uint64(i+2)), "_\x00\x00\x00\x00\x00\x00\x00\x00"...)
			if c.deleted {
				revision = append(revision, 't')
			}
			kv := mvccpb.KeyValue{Key: []byte(c.key), Value: []byte(c.value)}
			text, _ := kv.Marshal()
			if err == nil {
				err = b.Put(revision, text)
			}
		}
		return err
	})
	must.Succeed(t, db.Close())
	must.Succeed(t, err)
	return dir
}

// storeEntry returns an application as a change of etcd's.
func storeEntry(name, text string) change {
	value := fmt.Sprintf(`{"id":"%s@app","profession":"app","name":%q,"body":%q}`, name, name, base64.StdEncoding.EncodeToString([]byte(text)))
	return change{key: "/worker/" + name + "@app", value: value}
}

func TestCheckOfData(t *testing.T) {
	dir := dataDir(
		t,
		storeEntry("fine", `{"auth":5}`), storeEntry("gone", storedApps["lost"]),
		change{key: "/worker/up@service", value: `{"id":"up@service","profession":"service","body":"e30="}`},
		change{key: "~/nodes/1", value: "no JSON"},
		storeEntry("lost", storedApps["lost"]), change{key: "/worker/gone@app", deleted: true}, storeEntry("fine", storedApps["fine"]),
	)
	r := session{t: t}.run("check", "--data", dir)
	if r.code != exitFailed || !strings.Contains(r.out, wantChecked) || !strings.HasSuffix(r.out, "2 applications, lost 1, set aside 0, opens 0, differs 0, warning 0\n") {
		t.Errorf("exit status %d, %s%s", r.code, r.out, r.err)
	}
	db, err := bbolt.Open(filepath.Join(dir, stored.DatabaseFile), 0o600, nil)
	must.Succeed(t, err)
	defer func() { _ = db.Close() }()
	if r := (session{t: t}).run("check", "--data", dir); r.code != exitFailed || !strings.Contains(r.err, "the gateway runs") {
		t.Errorf("exit status %d, %s%s", r.code, r.out, r.err)
	}
}

func TestCheckOfAdmin(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/app" {
			_, _ = w.Write([]byte(`[{"id":"lost@app","name":"lost"},{"id":"fine@app","name":"fine"}]`))
			return
		}
		_, _ = w.Write([]byte(storedApps[strings.TrimPrefix(r.URL.Path, "/api/app/")]))
	}))
	defer server.Close()
	s := session{t: t, env: map[string]string{adminVariable: server.URL}}
	if r := s.run("check"); r.code != exitFailed || !strings.HasPrefix(r.out, wantChecked) {
		t.Errorf("exit status %d, %s%s", r.code, r.out, r.err)
	}
	r := s.run("check", "--json")
	var list []reviewed
	if err := json.Unmarshal([]byte(r.out), &list); err != nil || len(list) != 2 || len(list[0].Findings) != 0 || list[1].Findings[0].Index != 1 {
		t.Errorf("%v, %s", err, r.out)
	}
}

func TestCheckOfNothing(t *testing.T) {
	if r := (session{t: t}).run("check", "--data", dataDir(t)); r.code != exitOK || !strings.HasPrefix(r.out, "0 applications") {
		t.Errorf("exit status %d, %s%s", r.code, r.out, r.err)
	}
	for want, args := range map[string][]string{
		"--admin or --data is needed": {}, "rule one another out": {"--data", "x", "--admin", "http://h"}, "an argument is left over": {"x"},
	} {
		if r := (session{t: t}).run(append([]string{"check"}, args...)...); r.code != exitUsage || !strings.Contains(r.err, want) {
			t.Errorf("%q: exit status %d, %s", args, r.code, r.err)
		}
	}
	if r := (session{t: t}).run("check", "--data", t.TempDir()); r.code != exitFailed || !strings.Contains(r.err, "data_dir") {
		t.Errorf("exit status %d, %s", r.code, r.err)
	}
}
