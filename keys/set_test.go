package keys

import (
	"slices"
	"testing"
)

func TestSet(t *testing.T) {
	key := func(id, secret string) *Key {
		k, err := NewSecretKey(id, []byte(secret), HS256)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	a, b, again, none := key("a", "1"), key("b", "2"), key("a", "3"), key("", "4")
	given := []*Key{a, none, b, again}
	set := NewSet(given...)
	given[0] = nil
	if set.Len() != 4 || !slices.Equal(set.Keys(), []*Key{a, none, b, again}) {
		t.Errorf("got %v", set.Keys())
	}
	for id, want := range map[string][]*Key{"a": {a, again}, "b": {b}, "": {none}, "A": nil, "c": nil} {
		if got := set.WithID(id); !slices.Equal(got, want) {
			t.Errorf("WithID(%q) is %v", id, got)
		}
	}
	for name, empty := range map[string]*Set{"nil": nil, "zero": {}, "made": NewSet()} {
		if empty.Len() != 0 || len(empty.Keys()) != 0 || len(empty.WithID("")) != 0 {
			t.Errorf("the %s set is not empty", name)
		}
	}
}
