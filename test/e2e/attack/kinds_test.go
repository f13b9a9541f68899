package attack

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"apinto-jwt/jwttest"
)

// hostilePath is where attackers knock.
const hostilePath = "/hostile"

// attackKind is a kind of requests that anybody can send.
type attackKind struct {
	name     string
	request  func(r *rand.Rand) string
	outcomes []string // that are in order
	cut      bool     // the connection is closed before the answer
}

// attackKinds are all of them. The host itself refuses what is no HTTP (400), a header beyond its size (431) and a body
// beyond its own (413), and then closes the connection, so that a client which still writes may not get to the answer.
func attackKinds() []attackKind {
	return []attackKind{
		{name: "garbage", request: garbage, outcomes: []string{"401"}},
		{name: "bytes that no header has", request: garbageBytes, outcomes: []string{"400", "401"}},
		{name: "huge header", request: hugeHeader, outcomes: []string{"401", "431", "no answer"}},
		{name: "deep JSON", request: deepJSON, outcomes: []string{"401"}},
		{name: "wrong signature", request: wrongSignature, outcomes: []string{"401"}},
		{name: "large body", request: largeBody, outcomes: []string{"401"}},
		{name: "another algorithm", request: otherAlgorithm, outcomes: []string{"401"}},
		{name: "cut off", request: cutOff, outcomes: []string{"cut"}, cut: true},
	}
}

// oneOf calls one of the functions.
func oneOf(r *rand.Rand, all ...func() string) string { return all[r.IntN(len(all))]() }

// randomBytes are up to this many.
func randomBytes(r *rand.Rand, most int) []byte {
	b := make([]byte, 1+r.IntN(most))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// inAnyHeader is a request with the token in one of the headers that are looked at, or in the query.
func inAnyHeader(r *rand.Rand, token string) string {
	return oneOf(
		r,
		func() string { return getOf("", "Authorization: Bearer "+token) },
		func() string { return getOf("", "X-Rsa: "+token) },
		func() string { return getOf("", "X-Set: "+token) },
		func() string { return getOf("?token="+token, "Accept: */*") },
	)
}

func getOf(query, header string) string {
	return "GET " + hostilePath + query + " HTTP/1.1\r\nHost: h\r\n" + header + "\r\n\r\n"
}

func postOf(contentType, body string) string {
	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: h\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s",
		hostilePath, contentType, len(body), body)
}

// chunked is postOf with the body in chunks of 4,000 bytes.
func chunked(contentType, body string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "POST %s HTTP/1.1\r\nHost: h\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n", hostilePath, contentType)
	for len(body) > 0 {
		n := min(len(body), 4000)
		fmt.Fprintf(&b, "%x\r\n%s\r\n", n, body[:n])
		body = body[n:]
	}
	return b.String() + "0\r\n\r\n"
}

func garbage(r *rand.Rand) string {
	part := func() string { return jwttest.Encode(randomBytes(r, 1000)) }
	return inAnyHeader(r, oneOf(
		r,
		func() string { return part() + "." + part() + "." + part() },
		func() string { return strings.Repeat(".", 1+r.IntN(8000)) },
		func() string { return part() },
		func() string { return strings.Repeat(part()+".", 5) },
		func() string { return jwttest.Encode([]byte(`{"alg":"HS256"}`)) + "." + part() + "." + part() },
	))
}

func garbageBytes(r *rand.Rand) string {
	return getOf("", "Authorization: Bearer "+strings.NewReplacer("\r", "", "\n", "").Replace(string(randomBytes(r, 4000))))
}

// hugeHeader is below or above the 16 KiB that the host takes.
func hugeHeader(r *rand.Rand) string {
	fill := jwttest.Encode(make([]byte, 5000+r.IntN(40_000)))
	header := jwttest.Encode([]byte(`{"alg":"HS256"}`))
	return oneOf(
		r,
		func() string { return getOf("", "Authorization: Bearer "+fill) },
		func() string { return getOf("", "Authorization: Bearer "+header+"."+fill+".AAAA") },
		func() string { return getOf("", "X-Rsa: "+header+".e30."+fill) },
		func() string {
			return getOf("", strings.Repeat("Authorization: Bearer x.y.z\r\n", len(fill)/40)+"A: b")
		},
		func() string { return getOf("?token="+fill, "A: b") },
	)
}

// deepJSON nests lists or objects thousands deep, in a token's parts or in a body.
func deepJSON(r *rand.Rand) string {
	deep := func(n int) string {
		open, end := "[", "]"
		if r.IntN(2) == 0 {
			open, end = `{"deep":`, "}"
			n /= 8
		}
		return strings.Repeat(open, n) + "1" + strings.Repeat(end, r.IntN(2)*n)
	}
	parts := func(header, payload string) string {
		return jwttest.Encode([]byte(header)) + "." + jwttest.Encode([]byte(payload)) + "." + jwttest.Encode(make([]byte, 32))
	}
	return oneOf(
		r,
		func() string {
			return inAnyHeader(r, parts(`{"alg":"HS256","x":`+deep(4000)+`}`, `{"iss":"us","sub":"ann"}`))
		},
		func() string { return inAnyHeader(r, parts(`{"alg":"HS256"}`, `{"iss":"us","sub":`+deep(4000)+`}`)) },
		func() string { return inAnyHeader(r, parts(deep(4000), deep(1000))) },
		func() string { return postOf("application/json", deep(200_000)) },
		func() string { return postOf("application/json", `{"deep":{"token":`+deep(200_000)+`}}`) },
	)
}

// wrongSignature has everything right but the signature: algorithm, issuer, key ID and user.
func wrongSignature(r *rand.Rand) string {
	forged := func(header string, size int) string {
		payload := fmt.Sprintf(`{"iss":"us","sub":"ann","jti":"%d"}`, r.Uint64())
		signature := make([]byte, size)
		for i := range signature {
			signature[i] = byte(r.Uint32())
		}
		return jwttest.Encode([]byte(header)) + "." + jwttest.Encode([]byte(payload)) + "." + jwttest.Encode(signature)
	}
	hmac := func() string { return forged(`{"alg":"HS256","typ":"JWT"}`, 32) }
	return oneOf(
		r,
		func() string { return getOf("", "Authorization: Bearer "+hmac()) },
		func() string { return getOf("?token="+hmac(), "A: b") },
		func() string { return postOf("application/x-www-form-urlencoded", "token="+hmac()) },
		func() string { return postOf("application/json", `{"token":"`+hmac()+`"}`) },
		func() string { return postOf("application/json", `{"deep":{"token":"`+hmac()+`"}}`) },
		func() string { return getOf("", "X-Rsa: "+forged(`{"alg":"RS256","typ":"JWT"}`, 256)) },
		func() string { return getOf("", "X-Set: "+forged(`{"alg":"ES256","kid":"A"}`, 64)) },
		func() string {
			return getOf("", fmt.Sprint("X-Set: ", forged(fmt.Sprintf(`{"alg":"ES256","kid":"%d"}`, r.Uint64()), 64)))
		},
	)
}

// largeBody has up to 2 MiB, or thousands of members and parts.
func largeBody(r *rand.Rand) string {
	fill := strings.Repeat("x.y.z-", 1+r.IntN(350_000))
	parts := func(n int) string {
		return strings.Repeat("--b\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\nx.y.z\r\n", n) + "--b--\r\n"
	}
	return oneOf(
		r,
		func() string { return postOf("application/x-www-form-urlencoded", "token="+fill) },
		func() string {
			return postOf("application/x-www-form-urlencoded", strings.Repeat("token=x&", len(fill)/8))
		},
		func() string { return postOf("application/json", `{"token":"`+fill+`"}`) },
		func() string {
			return postOf("application/json", `{`+strings.Repeat(`"token":"x",`, len(fill)/12)+`"a":1}`)
		},
		func() string { return chunked("application/json", `{"deep":{"token":"`+fill+`"}}`) },
		func() string { return chunked("multipart/form-data; boundary=b", parts(1+r.IntN(5000))) },
		func() string { return postOf("multipart/form-data; boundary=b", parts(1+r.IntN(5000))) },
		func() string {
			return postOf("multipart/form-data; boundary=b", strings.Repeat("--b\r\n", len(fill)/6))
		},
	)
}

// otherAlgorithm is a token without a signature, or of another algorithm than the rule's.
func otherAlgorithm(r *rand.Rand) string {
	algorithms := []string{
		`"none"`, `"None"`, `""`, `null`, `1`, `["HS256"]`, `{"HS256":1}`, `"HS512"`, `"RS256"`, `"hs256"`, `"ES256","alg":"HS256"`,
	}
	header := `{"typ":"JWT","kid":"A","alg":` + algorithms[r.IntN(len(algorithms))] + `}`
	signature := oneOf(r, func() string { return "" }, func() string { return jwttest.Encode(make([]byte, 32)) })
	return inAnyHeader(r, jwttest.Encode([]byte(header))+"."+jwttest.Encode([]byte(`{"iss":"us","sub":"ann"}`))+"."+signature)
}

// cutOff ends anywhere in a request of another kind.
func cutOff(r *rand.Rand) string {
	whole := oneOf(
		r, func() string { return wrongSignature(r) }, func() string { return largeBody(r) }, func() string { return deepJSON(r) },
	)
	return whole[:1+r.IntN(len(whole)-1)]
}
