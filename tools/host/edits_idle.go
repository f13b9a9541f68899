package main

import "go/ast"

// idleClock has the clock of the Polaris client ask the system's, in place of a
// copy that a goroutine makes every 10 ms.
func idleClock(s *source) error {
	now, err := s.function("clockImpl.Now")
	if err != nil {
		return err
	}
	s.replace(now.Body.Lbrace, now.Body.End(), "{ return time.Now() }")
	start, err := s.function("init")
	if err != nil {
		return err
	}
	update, err := s.statement(start, "start of the clock", func(n ast.Stmt) bool { return s.print(n) == "go globalClock.updateTime()" })
	if err != nil {
		return err
	}
	s.remove(update)
	return nil
}

// idleTimerWheel has a timer wheel of dubbo's library stand until it has its first timer.
func idleTimerWheel(s *source) error {
	create, err := s.function("NewTimerWheel")
	if err != nil {
		return err
	}
	started, err := s.statement(create, "wheel that is ready", func(n ast.Stmt) bool { return s.print(n) == "w.start = w.clock" })
	if err != nil {
		return err
	}
	s.replace(started.End(), started.End(), "\n\tw.ticker.Stop() // until there is a timer")
	add, err := s.function("TimerWheel.AddTimer")
	if err != nil {
		return err
	}
	s.begin(add, "w.first.Do(w.turn)\n")
	now, err := s.function("TimerWheel.Now")
	if err != nil {
		return err
	}
	s.replace(now.Body.Lbrace, now.Body.End(), "{ return time.Now() }")
	s.end(`// turn has a wheel that has stood go on from now.
func (w *TimerWheel) turn() {
	if !w.enable.Load() {
		return
	}
	now := time.Now().UnixNano()
	atomic.StoreInt64(&curGxTime, now)
	atomic.StoreInt64(&w.clock, now)
	atomic.StoreInt64(&w.start, now)
	w.ticker.Reset(time.Duration(minTickerInterval))
}
`)
	return s.addField("TimerWheel", "first sync.Once // the first timer\n")
}
