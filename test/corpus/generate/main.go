// Command generate writes the corpus's files. Run it with "go generate ./test/corpus".
package main

import (
	"log"
	"os"
	"path/filepath"
)

func main() {
	for name, text := range files() {
		if err := os.WriteFile(filepath.Join("testdata", name), text, 0o644); err != nil {
			log.Fatal(err)
		}
	}
}

// classes fill the corpus, each with the cases of one row of the list of threats, or of what must be accepted. Those of MCP
// are of requests to routes.
var classes = []struct {
	name string
	fill func(*builder)
}{
	{"alg none", algNone},
	{"algorithm confusion", confusion},
	{"algorithm pinning", pinning},
	{"empty secret", emptySecret},
	{"psychic signature", psychic},
	{"ES encoding", esEncoding},
	{"wrong curve", wrongCurve},
	{"RSA padding", rsaPadding},
	{"EdDSA", edDSA},
	{"header keys", headerKeys},
	{"crit", crit},
	{"b64", b64},
	{"zip, JWE, nested", encrypted},
	{"duplicates", duplicates},
	{"member case", memberCase},
	{"trailing data", trailing},
	{"invalid UTF-8", invalidUTF8},
	{"nesting, size, dots", sizes},
	{"base64", base64Variants},
	{"NumericDate", numericDates},
	{"types", types},
	{"typ", typValues},
	{"issuer", issuers},
	{"user", users},
	{"any user", anyUsers},
	{"claims", claimDemands},
	{"signature", signatures},
	{"key sets", keySetCases},
	{"valid", valid},
	{"HTTP", requests},
	{"MCP headers", mcpHeaders},
	{"MCP names in Base64", mcpSentinels},
	{"MCP batches", mcpBatches},
	{"MCP members", mcpMembers},
	{"MCP names", mcpNames},
	{"MCP audience", mcpAudience},
	{"MCP any user", mcpUsers},
	{"MCP requests", mcpRequests},
}

// files returns the corpus's files by name.
func files() map[string][]byte {
	b := newBuilder()
	for _, class := range classes {
		b.class = class.name
		class.fill(b)
	}
	return map[string][]byte{
		"cases.jsonl":      jsonLines(b.cases),
		"rules.json":       indented(b.rules),
		"badrules.jsonl":   jsonLines(badRules(b.keys)),
		"routecases.jsonl": jsonLines(b.routeCases),
		"routes.json":      indented(routes()),
	}
}
