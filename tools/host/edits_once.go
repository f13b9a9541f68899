package main

import (
	"go/ast"
	"strings"
)

// calledOnce sends a request that is not idempotent once, unless it is known that the upstream has got nothing of it.
func calledOnce(s *source) error {
	f, err := s.function("Client.getHostClient")
	if err != nil {
		return err
	}
	client, err := s.nested(f, "client", func(n ast.Stmt) bool {
		_, assigns := n.(*ast.AssignStmt)
		return assigns && strings.HasPrefix(s.print(n), "hc = &fasthttp.HostClient{")
	})
	if err != nil {
		return err
	}
	s.replace(client.Pos(), client.Pos(), "dial = called(dial)\n")
	var literal *ast.CompositeLit
	ast.Inspect(client, func(n ast.Node) bool {
		if l, ok := n.(*ast.CompositeLit); ok && s.print(l.Type) == "fasthttp.HostClient" {
			literal = l
		}
		return true
	})
	if literal == nil {
		return errorf("getHostClient makes no client")
	}
	s.replace(literal.Lbrace+1, literal.Lbrace+1, "\nTransport: once{},\n")
	s.end(calledConn)
	return s.addImport("syscall")
}

// calledConn is the code that calledOnce calls.
const calledConn = `// calledConn is a connection to an upstream on which nothing is sent any more once the other side has closed it. Otherwise
// nobody could tell whether the upstream has done what it was asked for.
type calledConn struct {
	net.Conn
	used bool // something has come
	idle bool // an answer has come, and no further request has been sent
}

// called makes a function's connections such.
func called(dial fasthttp.DialFunc) fasthttp.DialFunc {
	return func(addr string) (net.Conn, error) {
		conn, err := dial(addr)
		if err != nil {
			return nil, err
		}
		return &calledConn{Conn: conn}, nil
	}
}

// errUnsent tells that nothing of a request was sent.
var errUnsent = errors.New("the upstream had closed the connection")

// Read implements net.Conn.
func (c *calledConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.used = c.used || n > 0
	return n, err
}

// SetWriteDeadline implements net.Conn. It begins another request. A handshake is part of the first one: an upstream that
// breaks it off would else be asked for ever.
func (c *calledConn) SetWriteDeadline(t time.Time) error {
	c.idle = c.used
	return c.Conn.SetWriteDeadline(t)
}

// Write implements net.Conn.
func (c *calledConn) Write(b []byte) (int, error) {
	if c.idle {
		c.idle = false
		if !strings.HasPrefix(string(b[:min(len(b), 4)]), "GET ") && closed(c.Conn) { // a GET may be sent twice
			return 0, errUnsent
		}
	}
	return c.Conn.Write(b)
}

// closed reports whether the other side has closed a connection on which nothing is to be read.
func closed(conn net.Conn) bool {
	if counted, ok := conn.(*debugConn); ok {
		conn = counted.Conn
	}
	socket, ok := conn.(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return false
	}
	ended := false
	err = raw.Read(func(fd uintptr) bool {
		var b [1]byte
		n, _, err := syscall.Recvfrom(int(fd), b[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		ended = n == 0 && err == nil || err != nil && err != syscall.EAGAIN && err != syscall.EINTR
		return true
	})
	return ended || err != nil
}

// once sends a request that is not idempotent once (RFC 9110 section 9.2.2). Below TLS it cannot be seen whether the other
// side has closed the connection: there such a request is sent again, as ever.
type once struct{}

// RoundTrip implements fasthttp.RoundTripper.
func (once) RoundTrip(hc *fasthttp.HostClient, req *fasthttp.Request, resp *fasthttp.Response) (retry bool, err error) {
	streamed := req.IsBodyStream() // what is read of a stream is gone
	for {                          // each connection of the pool may be closed
		retry, err = fasthttp.DefaultTransport.RoundTrip(hc, req, resp)
		if !errors.Is(err, errUnsent) || streamed {
			break
		}
	}
	if !retry || hc.IsTLS {
		return retry, err
	}
	switch h := &req.Header; {
	case h.IsGet(), h.IsHead(), h.IsPut(), h.IsDelete(), h.IsOptions(), h.IsTrace():
		return retry, err
	}
	return false, err
}
`
