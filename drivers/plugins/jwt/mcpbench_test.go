package jwt

import (
	"strings"
	"testing"

	"apinto-jwt/jwttest/host"
)

// BenchmarkMCP measures the filter with a token that was seen before: on a route without mcp and on one with it, whose
// message has a kilobyte. What differs is the judging of the message, the body lying in memory.
func BenchmarkMCP(b *testing.B) {
	r := newRig(b)
	r.app("shop")
	body := strings.Replace(tool("get_file"), "{}", `{"a":"`+strings.Repeat("0123456789abcdef", 58)+`"}`, 1)
	b.Logf("%d bytes", len(body))
	ctx := host.Context(b, post(body, r.bearerOf("mcp files:read")))
	if _, err := ctx.Proxy().Body().RawBody(); err != nil {
		b.Fatal(err)
	}
	for name, config := range map[string]string{"without": `{"resource":"https://a/mcp","scopes":["mcp"]}`, "with": files + `}`} {
		f := r.filter(config)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if v := f.judge(f.policy.Load(), ctx); v.refused() {
					b.Fatal(v.refusal.reason)
				}
			}
		})
	}
}
