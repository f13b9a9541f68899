package jwttest

import "sync/atomic"

// watcher is called with each token that is made: the end-to-end tests look for them where they may not be.
var watcher atomic.Pointer[func(token string, key any)]

// Watch has each token that Sign and SignRaw make from now on told to f, with its key. It is called from any goroutine.
func Watch(f func(token string, key any)) { watcher.Store(&f) }

func watched(token string, key any) string {
	if f := watcher.Load(); f != nil {
		(*f)(token, key)
	}
	return token
}
