package main

import (
	"go/ast"
	"strings"
)

// streamTimeout bounds the time between two parts of a stream of events, not the time that the stream lasts.
func streamTimeout(s *source) error {
	f, err := s.function("Client.getHostClient")
	if err != nil {
		return err
	}
	var client ast.Stmt
	ast.Inspect(f, func(n ast.Node) bool {
		if assignment, ok := n.(*ast.AssignStmt); ok && strings.HasPrefix(s.print(assignment), "hc = &fasthttp.HostClient{") {
			client = assignment
		}
		return true
	})
	if client == nil {
		return errorf("getHostClient makes no client")
	}
	s.replace(client.Pos(), client.Pos(), "dial = streaming(dial)\n")
	if f, err = s.function("Client.ProxyTimeout"); err != nil {
		return err
	}
	last, err := s.statement(f, "call of DoTimeout", func(n ast.Stmt) bool { return s.print(n) == "return client.DoTimeout(req, resp, timeout)" })
	if err != nil {
		return err
	}
	s.replace(last.Pos(), last.End(), `err = client.DoTimeout(req, resp, timeout)
	if err == nil {
		boundPauses(resp, timeout)
	}
	return err`)
	s.end(streamConn)
	return s.addImport("sync/atomic")
}

// streamConn is the code that streamTimeout calls.
const streamConn = `// streamConn is a connection on which a stream of events may come.
type streamConn struct {
	net.Conn
	pause atomic.Int64 // longest time between two parts of a stream; 0: there is no stream
	ended atomic.Bool  // nothing is to be read any more
}

// streaming makes a function's connections such.
func streaming(dial fasthttp.DialFunc) fasthttp.DialFunc {
	return func(addr string) (net.Conn, error) {
		conn, err := dial(addr)
		if err != nil {
			return nil, err
		}
		return &streamConn{Conn: conn}, nil
	}
}

// streamAddr leads from an answer to its connection.
type streamAddr struct {
	net.Addr
	conn *streamConn
}

// LocalAddr implements net.Conn.
func (c *streamConn) LocalAddr() net.Addr { return streamAddr{c.Conn.LocalAddr(), c} }

// SetReadDeadline implements net.Conn. It begins another answer.
func (c *streamConn) SetReadDeadline(t time.Time) error {
	c.pause.Store(0)
	return c.Conn.SetReadDeadline(t)
}

// Read implements net.Conn.
func (c *streamConn) Read(b []byte) (int, error) {
	if pause := c.pause.Load(); pause > 0 {
		if err := c.Conn.SetReadDeadline(time.Now().Add(time.Duration(pause))); err != nil {
			return 0, err
		}
	}
	n, err := c.Conn.Read(b)
	if err != nil {
		c.ended.Store(true)
	}
	return n, err
}

// Broken reports whether an answer in chunks has ended before its last chunk: behind that, nothing is read.
func Broken(resp *fasthttp.Response) bool {
	addr, ok := resp.LocalAddr().(streamAddr)
	return ok && resp.Header.ContentLength() == -1 && addr.conn.ended.Load()
}

// boundPauses has a stream of events end when nothing has come for so long, instead of when it has lasted so long.
func boundPauses(resp *fasthttp.Response, timeout time.Duration) {
	if !resp.IsBodyStream() || resp.Header.ContentLength() >= 0 || !strings.HasPrefix(string(resp.Header.ContentType()), "text/event-stream") {
		return
	}
	if addr, ok := resp.LocalAddr().(streamAddr); ok {
		addr.conn.pause.Store(int64(timeout))
	}
}
`
