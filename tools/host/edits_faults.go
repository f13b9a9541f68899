package main

import (
	"errors"
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

// streamedBody keeps a copy of each piece, as SetBody does for a response that has a
// stream. SetBody looks whether it has, while another goroutine just gives it one.
func streamedBody(s *source) error {
	f, err := s.function("HttpContext.SendTo")
	if err != nil {
		return err
	}
	set, err := s.nested(f, "call that sets the body to a piece", func(n ast.Stmt) bool { return s.print(n) == "ctx.Response().SetBody(chunk)" })
	if err != nil {
		return err
	}
	s.replace(set.Pos(), set.End(), "ctx.response.streamBody.Write(chunk)")
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

// bothLengths ends the connection when all is done, as the upstream's head takes the
// place of the answer's. It uses the import of fieldNames.
func bothLengths(s *source) error {
	f, err := s.function("Manager.FastHandler")
	if err != nil {
		return err
	}
	s.begin(f, `if hasBothLengths(&ctx.Request.Header) {
	defer ctx.SetConnectionClose()
}
`)
	s.end(`// hasBothLengths reports whether a request in chunks also has a length, which the
// parser drops.
func hasBothLengths(header *fasthttp.RequestHeader) bool {
	if header.ContentLength() != -1 {
		return false
	}
	const name = "content-length:"
	for _, line := range bytes.SplitAfter(header.RawHeaders(), []byte{'\n'}) {
		if len(line) >= len(name) && bytes.EqualFold(line[:len(name)], []byte(name)) {
			return true
		}
	}
	return false
}
`)
	return nil
}

// unquoted sets the HTTP library's own setting in the one value of the type.
func unquoted(s *source, function, typeName string) error {
	f, err := s.function(function)
	if err != nil {
		return err
	}
	var values []*ast.CompositeLit
	ast.Inspect(f, func(n ast.Node) bool {
		if literal, ok := n.(*ast.CompositeLit); ok && literal.Type != nil && s.print(literal.Type) == typeName {
			values = append(values, literal)
		}
		return true
	})
	if len(values) != 1 {
		return errorf("there are %d values of %s, not one", len(values), typeName)
	}
	after := values[0].Lbrace + 1
	s.replace(after, after, "\nSecureErrorLogMessage: true,\n")
	return nil
}

// loadedPackage is the package of the host that says when a worker has loaded all
// that is stored.
const loadedPackage = eosc + "/process-worker/workers"

// configurationLoaded closes a channel at the end of the first Reset: the master
// sends a new worker all that is stored in one event, and Reset is its last step.
func configurationLoaded(s *source) error {
	f, err := s.function("Workers.Reset")
	if err != nil {
		return err
	}
	s.begin(f, "defer loadOnce.Do(func() { close(loaded) })\n")
	s.end(`var (
	loaded   = make(chan struct{})
	loadOnce sync.Once
)

// Loaded returns a channel that is closed when all that is stored was loaded once.
func Loaded() <-chan struct{} { return loaded }
`)
	return nil
}

// listenWhenLoaded leaves connections in the queues of the listening sockets, which
// the master has made, until there is a configuration to serve them by. A worker that
// takes longer takes them all the same, and answers by notStarted.
func listenWhenLoaded(s *source) error {
	f, err := s.function("init")
	if err != nil {
		return err
	}
	listen, err := s.statement(f, "start of the listeners", func(n ast.Stmt) bool {
		return s.print(n) == "bean.AddInitializingBeanFunc(func() { initListener(tf, listenCfg) })"
	})
	if err != nil {
		return err
	}
	s.replace(listen.Pos(), listen.End(), `bean.AddInitializingBeanFunc(func() {
	go func() {
		select {
		case <-workers.Loaded():
		case <-time.After(10 * time.Second):
		}
		initListener(tf, listenCfg)
	}()
})`)
	return errors.Join(s.addImport(loadedPackage), s.addImport("time"))
}

// notStarted answers before the worker has loaded its configuration.
func notStarted(s *source) error {
	f, err := s.function("Manager.FastHandler")
	if err != nil {
		return err
	}
	s.begin(f, `select {
case <-workers.Loaded():
default:
	ctx.Error("the gateway is starting", fasthttp.StatusServiceUnavailable)
	ctx.Response.Header.Set("Retry-After", "1")
	ctx.SetConnectionClose() // the body is unread
	return
}
`)
	return s.addImport(loadedPackage)
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
