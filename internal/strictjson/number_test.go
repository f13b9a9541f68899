package strictjson_test

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"apinto-jwt/internal/strictjson"
)

func TestNumberEqual(t *testing.T) {
	for _, equal := range [][]string{
		{"2", "2.0", "2e0", "2E+0", "20e-1", "0.2e1", "0.02e2", "2.000e-0", "200e-2"},
		{"0", "-0", "0.0", "0e5", "-0.000e-9", "0e1073741824"},
		{"-10", "-1e1", "-10.0", "-0.1e2"},
		{"1200", "12e2", "1.2e3", "1200.00", "0.0012e6"},
		{"0.5", "5e-1", "0.50", "50e-2"},
		{"9007199254740993", "9007199254740993.0", "9.007199254740993e15"},
		{"12345678901234567890123", "1.2345678901234567890123e22"},
		{"1e400", "10e399"},
	} {
		for _, a := range equal {
			for _, b := range equal {
				if x, y := number(t, a), number(t, b); !x.Equal(y) {
					t.Errorf("%s is not %s: %+v, %+v", a, b, x, y)
				}
			}
		}
	}
}

func TestNumberDiffers(t *testing.T) {
	all := []string{
		"0", "2", "-2", "20", "0.2", "22", "2.2", "2.02", "202", "9007199254740992", "9007199254740993", "1e400", "1e401", "1e-400",
		"0.1000000000000000055511151231257827", "0.1", "12", "1.2", "120", "12.0001",
	}
	for i, a := range all {
		for j, b := range all {
			if got := number(t, a).Equal(number(t, b)); got != (i == j) {
				t.Errorf("%s, %s: %t", a, b, got)
			}
		}
	}
}

func TestParseNumberRefuses(t *testing.T) {
	for _, text := range []string{"", "-", "+1", "01", "1.", ".5", "1e", "1e+", "1 ", " 1", "0x1", "NaN", "Infinity", "1e1073741825", "1e-99999999999999999999", "true", `"1"`, "1,5", "--1"} {
		if n, ok := strictjson.ParseNumber(text); ok {
			t.Errorf("%q is %+v", text, n)
		}
	}
}

func TestNumberDigits(t *testing.T) {
	for text, want := range map[string]struct {
		digits int
		whole  bool
	}{
		"0": {0, true}, "-0.0": {0, true}, "200": {1, true}, "2e5": {1, true}, "0.205": {3, false}, "205e-2": {3, false}, "20.50e1": {3, true},
		"1.50": {2, false}, "9007199254740991": {16, true}, "1e-7": {1, false}, "10203": {5, true}, "1.0": {1, true},
	} {
		if n := number(t, text); n.Digits() != want.digits || n.IsWhole() != want.whole {
			t.Errorf("%s: %d, %t", text, n.Digits(), n.IsWhole())
		}
	}
}

func TestNumberTakesNoMemory(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() {
		a, _ := strictjson.ParseNumber("-12.50e3")
		b, _ := strictjson.ParseNumber("-12500")
		if !a.Equal(b) {
			t.Error("they differ")
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// Numbers are equal as fractions are.
func FuzzNumber(f *testing.F) {
	for _, seed := range [][2]string{{"2", "2.0"}, {"1e3", "1000"}, {"-0", "0e9"}, {"0.10", "1e-1"}, {"9007199254740993", "9007199254740992"}, {"1.0e-2", "0.01"}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		x, ok := strictjson.ParseNumber(a)
		if ok && !json.Valid([]byte(a)) {
			t.Fatalf("%q is no number", a)
		}
		y, both := strictjson.ParseNumber(b)
		if !ok || !both || far(a) || far(b) {
			return
		}
		p, _ := new(big.Rat).SetString(a)
		q, _ := new(big.Rat).SetString(b)
		if x.Equal(y) != (p.Cmp(q) == 0) {
			t.Fatalf("%s and %s are equal: %t", a, b, x.Equal(y))
		}
		if x.IsWhole() != p.IsInt() {
			t.Fatalf("%s is whole: %t", a, x.IsWhole())
		}
	})
}

// far reports whether the number's exponent is too large for a fraction.
func far(text string) bool {
	at := strings.IndexAny(text, "eE")
	return at >= 0 && len(text)-at > 5
}

func number(t *testing.T, text string) strictjson.Number {
	t.Helper()
	n, ok := strictjson.ParseNumber(text)
	if !ok {
		t.Fatalf("%q is no number", text)
	}
	return n
}
