package jwt

import "testing"

// What is saved is in force, and nothing else, after each of these changes.
func TestChangesThroughTheHost(t *testing.T) {
	bad := entry{position: "header", name: "X-Token", config: `{"algorithm":"HS256"}`}
	tests := []struct {
		name string
		run  func(w *world)
	}{
		{"another secret", func(w *world) {
			w.put("a", at("1"))
			w.expect(map[string]string{"1": inA, "2": denied})
			w.put("a", at("2"))
			w.expect(map[string]string{"1": denied, "2": inA})
		}},
		{"one of two entries", func(w *world) {
			w.put("a", at("1"), at("2"))
			w.put("a", at("1"), at("3"))
			w.expect(map[string]string{"1": inA, "2": denied, "3": inA})
			w.put("a", at("4"), at("3"))
			w.expect(map[string]string{"1": denied, "3": inA, "4": inA})
		}},
		{"an entry less", func(w *world) {
			w.put("a", at("1"), at("2"), at("3"))
			w.put("a", at("1"), at("3"))
			w.expect(map[string]string{"1": inA, "2": denied, "3": inA})
			w.put("a", at("3"))
			w.expect(map[string]string{"1": denied, "2": denied, "3": inA})
		}},
		{"an entry more", func(w *world) {
			w.put("a", at("1"))
			w.put("a", at("1"), at("2"))
			w.expect(map[string]string{"1": inA, "2": inA})
		}},
		{"no entry of ours", func(w *world) {
			w.put("a", at("1"), at("2"))
			w.gateway.MustPut("a", apikeyOnly)
			w.expect(map[string]string{"1": denied, "2": denied})
			w.put("a", at("2"))
			w.expect(map[string]string{"1": denied, "2": inA})
		}},
		{"no entry at all", func(w *world) {
			w.put("a", at("1"))
			w.gateway.MustPut("a", `{"auth":[]}`)
			w.expect(map[string]string{"1": denied})
		}},
		{"no entry of ours, and another application has the rule", func(w *world) {
			w.put("a", at("1"))
			w.gateway.MustPut("a", apikeyOnly)
			w.put("b", at("1"))
			w.gateway.MustPut("a", apikeyOnly)
			w.expect(map[string]string{"1": inB})
		}},
		{"one rule in two entries", func(w *world) {
			w.put("a", at("1", "bob"), at("2"), at("1", "ann"))
			w.expect(map[string]string{"1": inA, "2": inA})
			w.put("a", at("1", "bob"), at("2"))
			w.expect(map[string]string{"1": denied, "2": inA})
			w.put("a", at("2"), at("2"))
			w.expect(map[string]string{"1": denied, "2": inA})
		}},
		{"one rule in two entries, the first without users", func(w *world) {
			w.put("a", entry{"header", "X-Token", secretRule("1"), `[]`}, at("2"), at("1"))
			w.expect(map[string]string{"1": inA, "2": inA})
			w.put("a", entry{"header", "X-Token", secretRule("1"), `[]`}, at("3"), at("1"))
			w.expect(map[string]string{"1": inA, "2": denied, "3": inA})
		}},
		{"no users", func(w *world) {
			w.put("a", entry{"header", "X-Token", secretRule("1"), `[]`})
			w.expect(map[string]string{"1": denied})
			w.put("a", at("1"))
			w.expect(map[string]string{"1": inA})
			w.put("a", entry{"header", "X-Token", secretRule("1"), `[]`}, entry{"header", "X-Token", secretRule("2"), `[]`})
			w.expect(map[string]string{"1": denied, "2": denied})
			w.put("a", at("2"))
			w.expect(map[string]string{"1": denied, "2": inA})
		}},
		{"other users", func(w *world) {
			w.put("a", at("1"))
			w.put("a", at("1", "bob"))
			w.expect(map[string]string{"1": denied})
			w.put("a", at("1", "bob", "ann"))
			w.expect(map[string]string{"1": inA})
		}},
		{"refused, then another", func(w *world) {
			w.put("a", at("1"))
			if w.gateway.Put("a", appJSON(at("2"), bad)) == nil {
				w.t.Error("accepted")
			}
			w.expect(map[string]string{"1": inA, "2": denied})
			w.put("a", at("3"))
			w.expect(map[string]string{"1": denied, "2": denied, "3": inA})
		}},
		{"refused, then a part of it", func(w *world) {
			w.put("a", at("1"), at("2"))
			if w.gateway.Put("a", appJSON(at("2"), at("3"), at("1"), bad)) == nil {
				w.t.Error("accepted")
			}
			w.expect(map[string]string{"1": inA, "2": inA, "3": denied})
			w.put("a", at("2"))
			w.expect(map[string]string{"1": denied, "2": inA, "3": denied})
		}},
		{"refused for its users", func(w *world) {
			w.put("a", at("1"))
			w.put("b", at("2", "bob"))
			if w.gateway.Put("b", appJSON(at("3"), at("1"))) == nil {
				w.t.Error("two applications have one user under one rule")
			}
			w.expect(map[string]string{"1": inA, "2": denied, "3": denied})
			w.put("b", at("3"))
			w.expect(map[string]string{"1": inA, "2": denied, "3": inB})
		}},
		{"refused when it was to be created", func(w *world) {
			if w.gateway.Put("a", appJSON(at("1"), bad)) == nil {
				w.t.Error("accepted")
			}
			w.expect(map[string]string{"1": denied})
			w.put("a", at("2"))
			w.expect(map[string]string{"1": denied, "2": inA})
		}},
		{"and back", func(w *world) {
			w.put("a", at("1"))
			w.put("a", at("2"))
			w.put("a", at("1"))
			w.expect(map[string]string{"1": inA, "2": denied})
			w.put("a", at("2"), at("1"))
			w.put("a", at("1"), at("2"))
			w.expect(map[string]string{"1": inA, "2": inA})
			w.put("a", at("2"))
			w.expect(map[string]string{"1": denied, "2": inA})
		}},
		{"deleted", func(w *world) {
			w.put("a", at("1"), at("2"))
			w.gateway.Delete("a")
			w.expect(map[string]string{"1": denied, "2": denied})
			w.put("a", at("2"))
			w.expect(map[string]string{"1": denied, "2": inA})
		}},
		{"changed, then deleted", func(w *world) {
			w.put("a", at("1"))
			w.put("a", at("2"))
			w.gateway.Delete("a")
			w.expect(map[string]string{"1": denied, "2": denied})
			w.put("b", at("1"))
			w.expect(map[string]string{"1": inB, "2": denied})
		}},
		{"a rule that goes from one application to another", func(w *world) {
			w.put("a", at("1"))
			w.put("b", at("2"))
			w.put("a", at("3"))
			w.put("b", at("1"))
			w.expect(map[string]string{"1": inB, "2": denied, "3": inA})
			w.gateway.Delete("a")
			w.expect(map[string]string{"1": inB, "3": denied})
		}},
		{"a shared rule that one of them leaves", func(w *world) {
			w.put("a", at("1"))
			w.put("b", at("1", "bob"))
			w.put("a", at("2"))
			w.expect(map[string]string{"1": denied, "2": inA})
			w.put("b", at("1", "ann"))
			w.expect(map[string]string{"1": inB, "2": inA})
			w.gateway.Delete("b")
			w.expect(map[string]string{"1": denied, "2": inA})
		}},
		{"anonymous in between", func(w *world) {
			w.put("a", at("1"))
			w.gateway.MustPut("a", `{"anonymous":true}`)
			w.put("a", at("2"))
			w.gateway.ForgetAnonymous()
			w.expect(map[string]string{"1": denied, "2": inA})
			w.gateway.Delete("a")
			w.expect(map[string]string{"2": denied})
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { test.run(newWorld(t)) })
	}
}
