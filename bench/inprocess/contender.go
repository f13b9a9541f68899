// Package inprocess measures what authenticating one request costs inside one process, with the gateway's own request
// contexts and without a network.
package inprocess

import (
	"github.com/eolinker/apinto/application"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/bench/gate"
	"apinto-jwt/bench/peer"
	"apinto-jwt/bench/timing"
	"apinto-jwt/bench/token"
)

// The names of the contenders that figures refer to.
const (
	OursWarm = "apinto-jwt, warm"
	OursCold = "apinto-jwt, cold"
	Ours     = "apinto-jwt"
	Builtin  = "Apinto builtin"
	Bare     = "bare crypto"
	Nothing  = "nothing (the host alone)"
	APIKey   = "Apinto apikey"
)

// driver returns a contender that gets requests: ask says whether the i-th is accepted, which must be want.
func driver(name string, want bool, texts func(i int) string, ask func(i int, ctx http_service.IHttpContext) bool) timing.Contender {
	ring := new(gate.Ring)
	return timing.Contender{
		Name: name, Batch: gate.Size,
		Prepare: func() {
			ring.Fill(texts)
			ask(gate.Size, ring.At(gate.Size))
		},
		Run: func() {
			for i := range gate.Size {
				if ask(i, ring.At(i)) != want {
					panic("inprocess: the wrong answer to a request: " + name)
				}
			}
		},
	}
}

// one asks one authenticator.
func one(a application.IAuth) func(int, http_service.IHttpContext) bool {
	return func(_ int, ctx http_service.IHttpContext) bool {
		_, ok := a.GetUser(ctx)
		return ok
	}
}

// untilYes asks the authenticators as the host does, from the first of so many on, until one says yes.
func untilYes(all []application.IAuth, first func(many int) int) func(int, http_service.IHttpContext) bool {
	return func(_ int, ctx http_service.IHttpContext) bool {
		at := first(len(all))
		for range all {
			if _, ok := all[at].GetUser(ctx); ok {
				return true
			}
			if at++; at == len(all) {
				at = 0
			}
		}
		return false
	}
}

// library returns a contender that gets the texts of tokens.
func library(p peer.Peer, key token.Key, want bool, texts []string) timing.Contender {
	verify := p.New(key)
	return alike(p.Name, texts, func(i int) bool { return (verify(texts[i]) == nil) == want })
}

// bare returns the cryptography alone.
func bare(key token.Key, texts []string) timing.Contender {
	signed := make([]peer.Signed, len(texts))
	for i, text := range texts {
		signed[i] = peer.Split(text)
	}
	verify := peer.Bare(key)
	return alike(Bare, texts, func(i int) bool { return verify(signed[i]) })
}

// alike returns a contender that takes no request, but finds the processor's cache as those do that take one.
func alike(name string, texts []string, right func(i int) bool) timing.Contender {
	ring := new(gate.Ring)
	return timing.Contender{
		Name: name, Batch: len(texts),
		Prepare: func() {
			ring.Fill(each(texts))
			right(0)
		},
		Run: func() {
			for i := range texts {
				if !right(i) {
					panic("inprocess: the wrong answer to a token: " + name)
				}
			}
		},
	}
}

// each gives the i-th request the i-th text.
func each(texts []string) func(i int) string {
	return func(i int) string { return texts[i%len(texts)] }
}
