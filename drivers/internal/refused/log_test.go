package refused

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"unsafe"
)

// The log keeps the last refusals, and tokenless ones never push the others out.
func TestTheLatestAreKept(t *testing.T) {
	l := new(Log)
	for n := range 3 * Kept {
		l.Add(Request{Fingerprint: fmt.Sprint(n)})
	}
	for range 3 * KeptTokenless {
		l.Add(Request{Reason: "token_missing"})
	}
	list := l.After(0)
	if len(list) != Kept+KeptTokenless {
		t.Fatalf("%d are kept", len(list))
	}
	if first := list[0].Fingerprint; first != fmt.Sprint(2*Kept) {
		t.Errorf("the oldest is %s", first)
	}
	for i := range list[1:] {
		if list[i].Number >= list[i+1].Number {
			t.Fatalf("number %d stands before %d", list[i].Number, list[i+1].Number)
		}
	}
	last := list[len(list)-1].Number
	l.Add(Request{Fingerprint: "new"})
	if next := l.After(last); len(next) != 1 || next[0].Fingerprint != "new" {
		t.Errorf("after number %d: %+v", last, next)
	}
}

func TestLast(t *testing.T) {
	l := new(Log)
	for _, id := range []string{"a", "b", "a", "c"} {
		l.Add(Request{RequestID: id, Fingerprint: "f"})
	}
	r, more, found := l.Last("", "a")
	if !found || r.Number != 3 || more != 1 {
		t.Errorf("got %+v, %d more, %v", r, more, found)
	}
	if r, more, _ := l.Last("f", ""); r.RequestID != "c" || more != 3 {
		t.Errorf("got %+v, %d more", r, more)
	}
	if _, _, found := l.Last("", "d"); found {
		t.Error("what was never added is found")
	}
}

// A refusal takes no more memory than is documented, whatever a client sends.
func TestMemoryIsBounded(t *testing.T) {
	l, long := new(Log), strings.Repeat("x", 1<<16)
	l.Add(Request{RequestID: long, KeyID: long, Route: long, Client: long, Fingerprint: "f"})
	r := l.After(0)[0]
	size := int(unsafe.Sizeof(r))
	for _, text := range []string{r.RequestID, r.KeyID, r.Route, r.Client} {
		size += len(text)
	}
	if size > 1<<10 {
		t.Errorf("a refusal takes %d bytes", size)
	}
}

func TestManyAddAtOnce(t *testing.T) {
	l := new(Log)
	var all sync.WaitGroup
	for range 8 {
		all.Add(1)
		go func() {
			defer all.Done()
			for range Kept {
				l.Add(Request{Fingerprint: "f"})
				l.After(l.last.Load() - 1)
			}
		}()
	}
	all.Wait()
	if n := len(l.After(0)); n != Kept {
		t.Errorf("%d are kept", n)
	}
}

func BenchmarkAdd(b *testing.B) {
	l := new(Log)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			l.Add(Request{Fingerprint: "f", RequestID: "b1946ac9-2492-4234-6235-b4d261118400", Client: "127.0.0.1"})
		}
	})
}
