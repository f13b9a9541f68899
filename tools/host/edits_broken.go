package main

import (
	"go/ast"
	gotoken "go/token"
	"strings"
)

// brokenStream has a streamed answer break off where the upstream's does, and not before: the end may come together with the last
// piece.
func brokenStream(s *source) error {
	f, err := s.function("HttpContext.SendTo")
	if err != nil {
		return err
	}
	const call = "ctx.response.Response.SetBodyStreamWriter("
	stream, err := s.nested(f, "stream of the answer", func(n ast.Stmt) bool {
		_, expression := n.(*ast.ExprStmt)
		return expression && strings.HasPrefix(s.print(n), call)
	})
	if err != nil {
		return err
	}
	read, err := s.nested(f, "read of a piece", func(n ast.Stmt) bool { return s.print(n) == "n, err := reader.Read(buffer)" })
	if err != nil {
		return err
	}
	s.replace(read.End(), read.End(), `
if err == io.EOF && n > 0 {
	err = nil // it is told again behind the last piece
}`)
	ended, err := s.nested(f, "end of a stream", func(n ast.Stmt) bool {
		return strings.HasPrefix(s.print(n), "if err == io.EOF {")
	})
	if err != nil {
		return err
	}
	failed, err := s.nested(f, "log of a stream that cannot be read", func(n ast.Stmt) bool {
		return s.print(n) == `log.Errorf("stream read error: %v", err)`
	})
	if err != nil {
		return err
	}
	s.replace(stream.Pos(), stream.Pos()+gotoken.Pos(len(call)), `broken := new(atomic.Bool)
ctx.response.Response.SetBodyStream(breakable{fasthttp.NewStreamReader(`)
	s.replace(stream.End()-1, stream.End(), "), broken}, -1)")
	inside := ended.(*ast.IfStmt).Body.Lbrace + 1
	s.replace(inside, inside, "\nbroken.Store(fasthttp_client.Broken(response)) // the library takes the end of the connection for that of the answer\n")
	s.replace(failed.End(), failed.End(), "\nbroken.Store(true)")
	s.end(breakable)
	return s.addImport("sync/atomic")
}

// breakable is the code that brokenStream calls.
const breakable = `// breakable is a streamed answer that may break off. Its last chunk is not written then, and the connection is closed: the
// client would take what it has for the whole (RFC 9112 section 8).
type breakable struct {
	io.ReadCloser
	broken *atomic.Bool
}

// Read implements io.Reader.
func (b breakable) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err == io.EOF && b.broken.Load() {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}
`
