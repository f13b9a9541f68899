// Package upstreamtoken makes the tokens by which an upstream can verify whom the gateway has accepted: access tokens of
// RFC 9068 for the upstream's own audience (mint.go). One is made for each of the client's tokens, and used again for most of
// its life (cache.go).
package upstreamtoken
