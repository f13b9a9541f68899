package main

import (
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
