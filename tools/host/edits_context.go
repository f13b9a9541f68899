package main

import "go/ast"

// oneRelease has the last of a request's two goroutines release its context: the one that handles it, and the one that writes a streamed
// answer. Each said by a label that it had ended, and looked at the label of the other after that: both could find that both had ended.
func oneRelease(s *source) error {
	create, err := s.function("NewContext")
	if err != nil {
		return err
	}
	labels, err := s.statement(create, "first set of labels", func(n ast.Stmt) bool { return s.print(n) == "httpContext.labels = make(map[string]string)" })
	if err != nil {
		return err
	}
	s.replace(labels.Pos(), labels.Pos(), "httpContext.holders.Store(1) // who handles the request\n")
	if err := s.holdStream(); err != nil {
		return err
	}
	finish, err := s.function("HttpContext.FastFinish")
	if err != nil {
		return err
	}
	running, err := s.statement(finish, "look at the labels", func(n ast.Stmt) bool {
		is, ok := n.(*ast.IfStmt)
		return ok && s.print(is.Cond) == `ctx.GetLabel("stream_running") == "true" || ctx.GetLabel("current_running") == "true"`
	})
	if err != nil {
		return err
	}
	s.replace(running.Pos(), running.End(), `if ctx.GetLabel("current_running") == "true" {
		return
	}
	ctx.leave()
}

// leave is called by each holder of the context when it needs it no longer. The last one releases it.
func (ctx *HttpContext) leave() {
	if ctx.holders.Add(-1) > 0 {
		return
	}`)
	if err := s.addImport("sync/atomic"); err != nil {
		return err
	}
	return s.addField("HttpContext", "holders atomic.Int32 // goroutines that need the context\n")
}

// holdStream has who writes a streamed answer hold the context, and leave it at the end.
func (s *source) holdStream() error {
	send, err := s.function("HttpContext.SendTo")
	if err != nil {
		return err
	}
	for code, with := range map[string]string{
		`ctx.SetLabel("stream_running", "true")`:  "ctx.SetLabel(\"stream_running\", \"true\")\n\t\t\tctx.holders.Add(1)",
		`ctx.SetLabel("stream_running", "false")`: "",
		"ctx.FastFinish()":                        "ctx.leave()",
	} {
		statement, err := s.nested(send, code, func(n ast.Stmt) bool { return s.print(n) == code })
		if err != nil {
			return err
		}
		s.replace(statement.Pos(), statement.End(), with)
	}
	return nil
}

// streamMemory bounds what is kept of a streamed answer for the plugins that look at it when it ends.
func streamMemory(s *source) error {
	send, err := s.function("HttpContext.SendTo")
	if err != nil {
		return err
	}
	flush, err := s.nested(send, "flush of a piece", func(n ast.Stmt) bool { return s.print(n) == "err = w.Flush()" })
	if err != nil {
		return err
	}
	s.replace(flush.Pos(), flush.Pos(), "ctx.response.forget()\n")
	s.end(`// streamKept is how much of a streamed answer is kept at least, in bytes, and half of what is kept at most.
const streamKept = 2 << 20

// forget drops the beginning of a long streamed answer, up to the end of a line.
func (r *Response) forget() {
	if r.streamBody.Len() <= 2*streamKept {
		return
	}
	r.streamBody.Next(r.streamBody.Len() - streamKept)
	_, _ = r.streamBody.ReadBytes('\n')
}
`)
	return nil
}
