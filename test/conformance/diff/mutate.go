package diff

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"

	"apinto-jwt/test/corpus"
	"apinto-jwt/test/corpus/forge"
)

// seed makes the mutations the same every time.
const seed = 7519

// letters are what a byte of a token is changed to: mostly base64url, some that is not.
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_-_+/=. \n\r\t%\x00é"

// mutator makes mutations of the corpus's good tokens.
type mutator struct {
	random *rand.Rand
	keys   *forge.Keyring
	good   []corpus.Case
	out    []Input
}

// mutations are so many tokens of each kind for each good one, the same every time.
func mutations(rounds int) []Input {
	m := &mutator{random: rand.New(rand.NewPCG(seed, seed)), keys: forge.Load()}
	for _, c := range corpus.Cases() {
		if c.Want == corpus.Accepted && c.Request == "" && !c.Edge && len(c.Token) < 2048 && (c.Class == "valid" || m.random.IntN(5) == 0) {
			m.good = append(m.good, c)
		}
	}
	for _, c := range m.good {
		for range rounds {
			m.bytes(c)
			m.segments(c)
			m.spellings(c)
			m.members(c)
		}
	}
	return m.out
}

// add notes a mutation.
func (m *mutator) add(c corpus.Case, how, raw string) {
	c.Token, c.Want, c.User = raw, "", ""
	c.Name = fmt.Sprintf("%s, %s %d", c.Name, how, len(m.out))
	m.out = append(m.out, Input{Case: c, Mutation: how})
}

// bytes changes, inserts and removes single bytes.
func (m *mutator) bytes(c corpus.Case) {
	i := m.random.IntN(len(c.Token))
	letter := string(letters[m.random.IntN(len(letters))])
	m.add(c, "byte changed", c.Token[:i]+letter+c.Token[i+1:])
	m.add(c, "byte inserted", c.Token[:i]+letter+c.Token[i:])
	m.add(c, "byte removed", c.Token[:i]+c.Token[i+1:])
	m.add(c, "bit flipped", c.Token[:i]+string([]byte{c.Token[i] ^ 1<<m.random.IntN(7)})+c.Token[i+1:])
}

// segments puts parts of two good tokens together, in order and out of it.
func (m *mutator) segments(c corpus.Case) {
	own, other := strings.Split(c.Token, "."), strings.Split(m.good[m.random.IntN(len(m.good))].Token, ".")
	i := m.random.IntN(3)
	mixed := append([]string(nil), own...)
	mixed[i] = other[i]
	m.add(c, "segment of another", strings.Join(mixed, "."))
	j := m.random.IntN(3)
	mixed = append([]string(nil), own...)
	mixed[i], mixed[j] = mixed[j], mixed[i]
	m.add(c, "segments swapped", strings.Join(mixed, "."))
	m.add(c, "segment emptied", strings.Join(append(append(append([]string(nil), own[:i]...), ""), own[i+1:]...), "."))
	m.add(c, "segment twice", strings.Join(append(append([]string(nil), own[:i+1]...), own[i:]...), "."))
}

// spellings writes the same bytes otherwise, and some signs that over.
func (m *mutator) spellings(c corpus.Case) {
	parts := strings.Split(c.Token, ".")
	i := m.random.IntN(3)
	content, err := base64.RawURLEncoding.DecodeString(parts[i])
	if err != nil {
		panic(err)
	}
	at := m.random.IntN(len(parts[i]) + 1)
	spelled := map[string]string{
		"padded":            base64.URLEncoding.EncodeToString(content),
		"standard alphabet": base64.RawStdEncoding.EncodeToString(content),
		"line end":          parts[i][:at] + []string{"\n", "\r", "\r\n"}[m.random.IntN(3)] + parts[i][at:],
		"stray bits":        parts[i][:len(parts[i])-1] + string(letters[m.random.IntN(64)]),
		"upper case":        strings.ToUpper(parts[i]),
	}
	for _, how := range []string{"padded", "standard alphabet", "line end", "stray bits", "upper case"} {
		changed := append([]string(nil), parts...)
		changed[i] = spelled[how]
		m.add(c, how, strings.Join(changed, "."))
		if i < 2 {
			m.add(c, how+", signed so", m.sign(c, changed[0]+"."+changed[1]))
		}
	}
}

// sign puts the rule's own signature behind a signing input.
func (m *mutator) sign(c corpus.Case, input string) string {
	alg, key := m.signer(c.Rule)
	return input + "." + forge.Encode(forge.Sign(alg, key, input))
}

// signer returns the algorithm and the private key of a rule.
func (m *mutator) signer(rule string) (alg string, key any) {
	switch rule {
	case "short-secret":
		return "HS256", "apinto"
	case "base64-secret", "base64url-secret":
		return "HS256", "\xff\xef\x00\x86oobarbaz\xff"
	}
	for _, alg := range forge.Algorithms {
		if name := strings.ToLower(alg); rule == name || strings.HasPrefix(rule, name+"-") {
			return alg, m.keys.Signer(alg)
		}
	}
	return "HS256", m.keys.Secret
}
