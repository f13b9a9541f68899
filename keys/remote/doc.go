// Package remote fetches JWK Sets (RFC 7517 §5) over HTTP and keeps them fresh, off the path of any request. It knows no
// tokens and no gateway.
//
//	pool := remote.NewPool(remote.Options{Dir: dir, Log: log})
//	source, err := pool.Acquire(remote.Config{URL: url, Algorithms: algs}, nil)
//	set := source.Set()                  // a request: no lock, no network
//	set = source.Refresh(ctx, set)       // a "kid" that the set does not have
//	source.Release()
//
// However many users a URL has, one goroutine fetches it, from the first [Pool.Acquire] to the last [Source.Release].
//
// What keeps an issuer's bad day from becoming the gateway's: the last good set is used through failures, for
// Config.MaxStale at most, and across restarts from a file. What keeps a stranger from using us against the issuer:
// keys nobody has heard of cause one fetch in ten seconds, for which all who ask wait together. What keeps the issuer, or whoever answers in its name, from
// using us against others: TLS unless said otherwise, redirects to the same host alone, one mebibyte, five seconds.
//
// Package internal/origin makes one fetch, from the URL to the set or the reason why there is none; package internal/diskcache keeps
// the file. This package says when, for whom, and what is in use.
//
// Connections are direct: proxies named in the environment are used only when Options.Proxy is http.ProxyFromEnvironment,
// because a key set decides who gets in, and the environment is whoever's who started the process.
package remote
