package main

import (
	"go/ast"

	"apinto-jwt/internal/httptoken"
)

// accessLogDestroy takes the one statement out that sets the outputs to nil.
func accessLogDestroy(s *source) error {
	f, err := s.function("accessLog.Destroy")
	if err != nil {
		return err
	}
	statement, err := s.statement(f, "assignment of the outputs", func(n ast.Stmt) bool { return s.print(n) == "l.proxy = nil" })
	if err != nil {
		return err
	}
	s.remove(statement)
	return nil
}

// fieldNames refuses a request before anything of the host looks at it.
func fieldNames(s *source) error {
	f, err := s.function("Manager.FastHandler")
	if err != nil {
		return err
	}
	s.begin(f, `if !namesAreTokens(&ctx.Request.Header) {
	ctx.Error("a header field's name is not valid", fasthttp.StatusBadRequest)
	ctx.SetConnectionClose() // the body is unread, and nobody knows where it ends
	return
}
`)
	s.end(namesAreTokens)
	return s.addImport("bytes")
}

// namesAreTokens is the code that fieldNames calls.
const namesAreTokens = `// namesAreTokens reports whether each header field's name is a token (RFC 9110
// section 5.6.2). It reads the text, as iterating over the fields changes the order
// in which they are forwarded.
func namesAreTokens(header *fasthttp.RequestHeader) bool {
	text := header.RawHeaders()
	for len(text) > 0 {
		line := text
		if end := bytes.IndexByte(text, '\n'); end >= 0 {
			line, text = text[:end], text[end+1:]
		} else {
			text = nil
		}
		if len(line) == 0 || line[0] == '\r' || line[0] == ' ' || line[0] == '\t' {
			continue // the end, or a value that goes on
		}
		if !beginsWithToken(line) {
			return false
		}
	}
	return true
}

// beginsWithToken reports whether a token and a colon stand at the line's beginning.
func beginsWithToken(line []byte) bool {
	for i, c := range line {
		if c == ':' {
			return i > 0
		}
		if !tokenBytes[c] {
			return false
		}
	}
	return false
}

// tokenBytes holds true for each byte that a token may have.
var tokenBytes = func() (bytes [256]bool) {
	for _, c := range "` + httptoken.Marks + `0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" {
		bytes[c] = true
	}
	return bytes
}()
`

// notStarted answers before the worker has its plugins.
func notStarted(s *source) error {
	f, err := s.function("Manager.FastHandler")
	if err != nil {
		return err
	}
	s.begin(f, `if m.globalFilters.Load() == nil {
	ctx.Error("the gateway is starting", fasthttp.StatusServiceUnavailable)
	ctx.Response.Header.Set("Retry-After", "1")
	ctx.SetConnectionClose() // the body is unread
	return
}
`)
	return nil
}

// transactionUnlock rolls a transaction back if what it runs panics, and lets
// the panic go on.
func transactionUnlock(s *source) error {
	f, err := s.function("imlAdminData.Transaction")
	if err != nil {
		return err
	}
	begin, err := s.statement(f, "start of the transaction",
		func(n ast.Stmt) bool { return s.print(n) == "adminTransaction := d.Begin(ctx)" })
	if err != nil {
		return err
	}
	s.replace(begin.End(), begin.End(), `
	ran := false
	defer func() {
		if !ran {
			_ = adminTransaction.Rollback()
		}
	}()`)
	run, err := s.statement(f, "call of the transaction's function",
		func(n ast.Stmt) bool { return s.print(n) == "err := f(ctx, adminTransaction)" })
	if err != nil {
		return err
	}
	s.replace(run.End(), run.End(), "\nran = true")
	return nil
}
