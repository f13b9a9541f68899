package main

import (
	"errors"
	"go/ast"
	"strings"
)

// noMemoryStatistics takes three statements out of each of two functions: the
// variable, the call, and the log line that shows it.
func noMemoryStatistics(s *source) error {
	for _, name := range []string{"NewContext", "HttpContext.SendTo"} {
		f, err := s.function(name)
		if err != nil {
			return err
		}
		for what, is := range map[string]func(string) bool{
			"variable of type runtime.MemStats": func(code string) bool { return code == "var m runtime.MemStats" },
			"call of runtime.ReadMemStats":      func(code string) bool { return code == "runtime.ReadMemStats(&m)" },
			"log line of the memory in use": func(code string) bool {
				return strings.HasPrefix(code, "log.DebugF(") && strings.Contains(code, "m.HeapAlloc")
			},
		} {
			statement, err := s.statement(f, what, func(n ast.Stmt) bool { return is(s.print(n)) })
			if err != nil {
				return err
			}
			s.remove(statement)
		}
	}
	return s.dropImport("runtime")
}

// applicationList keeps what All returns, until Set or Del.
func applicationList(s *source) error {
	for _, name := range []string{"AppData.Set", "AppData.Del"} {
		f, err := s.function(name)
		if err != nil {
			return err
		}
		s.begin(f, "defer a.list.Store(nil)\n")
	}
	all, err := s.function("AppData.All")
	if err != nil {
		return err
	}
	s.begin(all, "if list := a.list.Load(); list != nil {\nreturn *list\n}\n")
	last, ok := all.Body.List[len(all.Body.List)-1].(*ast.ReturnStmt)
	if !ok || s.print(last) != "return ids" {
		return errorf("All does not end in its list of IDs")
	}
	s.replace(last.Pos(), last.Pos(), "a.list.Store(&ids)\n")
	if err := s.addField("AppData", "list atomic.Pointer[[]string] // what All returned; nil after a change\n"); err != nil {
		return err
	}
	return s.addImport("sync/atomic")
}

// authenticatorList keeps what List returned until an application changes. The
// count is taken before the list is made and moves after a change is whole: a
// list that a change overtook is made again.
func authenticatorList(s *source) error {
	for _, name := range []string{"Manager.Set", "Manager.Del"} {
		f, err := s.function(name)
		if err != nil {
			return err
		}
		s.begin(f, "defer m.changes.Add(1)\n")
	}
	list, err := s.function("Manager.List")
	if err != nil {
		return err
	}
	s.begin(list, `changes := m.changes.Load()
if kept := m.kept.Load(); kept != nil && kept.changes == changes {
	return kept.list
}
`)
	last, ok := list.Body.List[len(list.Body.List)-1].(*ast.ReturnStmt)
	if !ok || s.print(last) != "return filters" {
		return errorf("List does not end in its list of authenticators")
	}
	s.replace(last.Pos(), last.Pos(), "m.kept.Store(&keptList{changes, filters[:len(filters):len(filters)]})\n")
	s.end(`// keptList is what List returned at a count of changes.
type keptList struct {
	changes uint64
	list    []application.IAuthUser
}
`)
	return errors.Join(
		s.addField("Manager", "changes atomic.Uint64 // Number of changes so far.\n"),
		s.addField("Manager", "kept atomic.Pointer[keptList] // Nil before the first request.\n"),
		s.addImport("sync/atomic"),
	)
}

// headerValue reads one field without copying all of them, as long as nobody has
// asked for all. Of a field that came several times it takes the last one, as the
// copy does.
func headerValue(s *source) error {
	f, err := s.function("RequestHeader.GetHeader")
	if err != nil {
		return err
	}
	s.begin(f, `if h.tmp == nil {
	key, value := textproto.CanonicalMIMEHeaderKey(name), ""
	h.header.VisitAll(func(k, v []byte) {
		if string(k) == key {
			value = string(v)
		}
	})
	return value
}
`)
	return s.addImport("net/textproto")
}
