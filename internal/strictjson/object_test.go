package strictjson

import (
	"strconv"
	"strings"
	"testing"
)

func TestParseAccepts(t *testing.T) {
	tests := []struct {
		name, text string
		members    []string // name and raw value by turns
	}{
		{"empty", `{}`, nil},
		{"white space round it", " \t\r\n{ \t\r\n} \t\r\n", nil},
		{"white space inside", "{ \"a\"\t:\r\n1 ,\n\"b\" : 2 }", []string{"a", "1", "b", "2"}},
		{"every type", `{"s":"x","n":-1.5e+7,"t":true,"f":false,"z":null,"o":{},"l":[]}`, []string{
			"s", `"x"`, "n", "-1.5e+7", "t", "true", "f", "false", "z", "null", "o", "{}", "l", "[]",
		}},
		{"nested", `{"a":{"b":[1,{"c":[[]]}]},"d":0}`, []string{"a", `{"b":[1,{"c":[[]]}]}`, "d", "0"}},
		{"the same name deeper", `{"a":{"a":1},"b":[{"a":2}]}`, []string{"a", `{"a":1}`, "b", `[{"a":2}]`}},
		{"twice deeper", `{"o":{"a":1,"a":2}}`, []string{"o", `{"a":1,"a":2}`}},
		{"names differ in case", `{"a":1,"A":2,"ſ":3,"s":4}`, []string{"a", "1", "A", "2", "ſ", "3", "s", "4"}},
		{"empty name", `{"":1}`, []string{"", "1"}},
		{"escaped names", `{"\u0061":1,"b\n\"\\\/\b\f\r\t":2}`, []string{"a", "1", "b\n\"\\/\b\f\r\t", "2"}},
		{"escaped pair in a name", `{"\ud83d\uDE00":1}`, []string{"😀", "1"}},
		{"escaped NUL", `{"\u0000":"\u0000"}`, []string{"\x00", `"\u0000"`}},
		{"text beyond ASCII", `{"张":"é😀` + "\u2028\ufeff\ufffe" + `"}`, []string{"张", `"é😀` + "\u2028\ufeff\ufffe" + `"`}},
		{"DEL", "{\"a\":\"\x7f\"}", []string{"a", "\"\x7f\""}},
		{"numbers", `{"a":0,"b":-0,"c":0.0,"d":1E5,"e":1e-5,"f":10,"g":-1.0e+0}`, []string{
			"a", "0", "b", "-0", "c", "0.0", "d", "1E5", "e", "1e-5", "f", "10", "g", "-1.0e+0",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var o Object
			if err := o.Parse(test.text); err != nil {
				t.Fatal(err)
			}
			if o.Text() != test.text {
				t.Errorf("text %q", o.Text())
			}
			var got []string
			for _, m := range o.Members() {
				got = append(got, o.Name(m), o.Raw(m))
			}
			if strings.Join(got, "|") != strings.Join(test.members, "|") {
				t.Errorf("got %q, want %q", got, test.members)
			}
			for i := 0; i < len(test.members); i += 2 {
				if m, ok := o.Find(test.members[i]); !ok || o.Raw(m) != test.members[i+1] {
					t.Errorf("Find(%q) = %q, %v", test.members[i], o.Raw(m), ok)
				}
			}
		})
	}
}

// parseRefusesCases are those of TestParseRefuses.
var parseRefusesCases = []struct {
	name, text, problem string
	offset              int
}{
	{"nothing", "", "is not a JSON object", 0},
	{"white space", "  ", "is not a JSON object", 2},
	{"list", "[]", "is not a JSON object", 0},
	{"string", `"a"`, "is not a JSON object", 0},
	{"number", "1", "is not a JSON object", 0},
	{"null", "null", "is not a JSON object", 0},
	{"byte order mark", "\ufeff{}", "is not a JSON object", 0},
	{"other white space", "\u00a0{}", "is not a JSON object", 0},
	{"two objects", "{}{}", "has something after the JSON object", 2},
	{"a letter behind", "{} x", "has something after the JSON object", 3},
	{"NUL behind", "{}\x00", "has something after the JSON object", 2},
	{"form feed behind", "{}\f", "has something after the JSON object", 2},
	{"open", "{", "is not JSON: expected a member name", 1},
	{"name alone", `{"a"}`, "is not JSON: expected :", 4},
	{"name without quotes", `{a:1}`, "is not JSON: expected a member name", 1},
	{"single quotes", `{'a':1}`, "is not JSON: expected a member name", 1},
	{"no value", `{"a":}`, "is not JSON: expected a value", 5},
	{"no value at the end", `{"a":`, "is not JSON: expected a value", 5},
	{"comma at the end", `{"a":1,}`, "is not JSON: expected a member name", 7},
	{"comma alone", `{,}`, "is not JSON: expected a member name", 1},
	{"no comma", `{"a":1 "b":2}`, "is not JSON: expected , or }", 7},
	{"not closed", `{"a":1`, "is not JSON: expected , or }", 6},
	{"closed as list", `{"a":1]`, "is not JSON: expected , or }", 6},
	{"list not closed", `{"a":[1`, "is not JSON: expected , or ]", 7},
	{"list with a comma at the end", `{"a":[1,]}`, "is not JSON: expected a value", 8},
	{"list closed as object", `{"a":[1}}`, "is not JSON: expected , or ]", 7},
	{"cut word", `{"a":tru`, "is not JSON: expected a value", 5},
	{"word in another case", `{"a":True}`, "is not JSON: expected a value", 5},
	{"word that goes on", `{"a":nullx}`, "is not JSON: expected , or }", 9},
	{"comment", `{/**/}`, "is not JSON: expected a member name", 1},
	{"NaN", `{"a":NaN}`, "is not JSON: expected a value", 5},
	{"leading zero", `{"a":01}`, "is not JSON: expected , or }", 6},
	{"plus", `{"a":+1}`, "is not JSON: expected a value", 5},
	{"minus alone", `{"a":-}`, "is not JSON: bad number", 6},
	{"point at the end", `{"a":1.}`, "is not JSON: bad number", 7},
	{"point at the start", `{"a":.1}`, "is not JSON: expected a value", 5},
	{"exponent without digits", `{"a":1e}`, "is not JSON: bad number", 7},
	{"exponent with a sign alone", `{"a":1e+}`, "is not JSON: bad number", 8},
	{"hex", `{"a":0x1}`, "is not JSON: expected , or }", 6},
	{"other digits", `{"a":١}`, "is not JSON: expected a value", 5},
	{"string not closed", `{"a":"b`, "is not JSON: unfinished string", 7},
	{"backslash at the end", `{"a":"\`, "is not JSON: unfinished string", 6},
	{"line end in a string", "{\"a\":\"\n\"}", "is not JSON: control character in a string", 6},
	{"NUL in a name", "{\"\x00\":1}", "is not JSON: control character in a string", 2},
	{"unit separator in a string", "{\"a\":\"\x1f\"}", "is not JSON: control character in a string", 6},
	{"unknown escape", `{"a":"\x"}`, "is not JSON: bad escape", 6},
	{"escaped quote of C", `{"a":"\'"}`, "is not JSON: bad escape", 6},
	{"short escape", `{"a":"\u12"}`, "is not JSON: bad escape", 6},
	{"escape of no hex", `{"a":"\u12g4"}`, "is not JSON: bad escape", 6},
	{"escape cut at the end", `{"a":"\u123`, "is not JSON: bad escape", 6},
	{"high half alone", `{"a":"\ud83d"}`, "has half a surrogate pair", 6},
	{"high half and a letter", `{"a":"\ud83dx"}`, "has half a surrogate pair", 6},
	{"high half and an escape", `{"a":"\ud83d\n"}`, "has half a surrogate pair", 6},
	{"two high halves", `{"a":"\ud83d\ud83d"}`, "has half a surrogate pair", 6},
	{"low half first", `{"a":"\ude00\ud83d"}`, "has half a surrogate pair", 6},
	{"half a pair in a name", `{"\ud800":1}`, "has half a surrogate pair", 2},
	{"half a pair deeper", `{"a":[{"\udfff":1}]}`, "has half a surrogate pair", 8},
	{"not UTF-8", "{\"a\":\"\xff\"}", "is not valid UTF-8", -1},
	{"not UTF-8 behind it", "{}\xff", "is not valid UTF-8", -1},
	{"overlong", "{\"a\":\"\xc0\xaf\"}", "is not valid UTF-8", -1},
	{"surrogate in UTF-8", "{\"a\":\"\xed\xa0\x80\"}", "is not valid UTF-8", -1},
	{"twice", `{"a":1,"a":1}`, "has a member twice", 8},
	{"twice, escaped first", `{"\u0061":1,"a":1}`, "has a member twice", 13},
	{"twice, escaped last", `{"a":1,"\u0061":1}`, "has a member twice", 8},
	{"twice, both escaped", `{"\u0061b":1,"a\u0062":1}`, "has a member twice", 14},
	{"empty name twice", `{"":1,"":2}`, "has a member twice", 7},
	{"twice with others between", `{"a":1,"b":2,"c":3,"a":4}`, "has a member twice", 20},
	{"nested too deep", nest(MaxNesting), "is nested too deep", 5 + MaxNesting - 1},
	{"nested much too deep", `{"a":` + strings.Repeat("[", 1<<16), "is nested too deep", 5 + MaxNesting - 1},
	{"objects nested too deep", `{"a":` + strings.Repeat(`{"a":`, MaxNesting), "is nested too deep", 5 * MaxNesting},
}

func TestParseRefuses(t *testing.T) {
	tests := parseRefusesCases
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var o Object
			err := o.Parse(test.text)
			if err == nil || err.Problem != test.problem || err.Offset != test.offset {
				t.Errorf("got %v, want %q at %d", err, test.problem, test.offset)
			}
		})
	}
}

// nest returns an object with lists nested so deep in it.
func nest(lists int) string {
	return `{"a":` + strings.Repeat("[", lists) + strings.Repeat("]", lists) + "}"
}

func TestDeepest(t *testing.T) {
	for name, text := range map[string]string{
		"lists":   nest(MaxNesting - 1),
		"objects": `{"a":` + strings.Repeat(`{"a":`, MaxNesting-1) + "1" + strings.Repeat("}", MaxNesting),
		"one after another": `{"a":[` + strings.TrimSuffix(strings.Repeat("[{}],", 200), ",") + `],"b":` +
			strings.Repeat("[", MaxNesting-1) + strings.Repeat("]", MaxNesting-1) + "}",
	} {
		t.Run(name, func(t *testing.T) {
			var o Object
			if err := o.Parse(text); err != nil {
				t.Error(err)
			}
		})
	}
}

// From a certain number on a map looks for names that are there twice; both ways must find the same.
func TestManyMembers(t *testing.T) {
	for _, count := range []int{1, 15, 16, 17, manyMembers - 1, manyMembers, manyMembers + 1, 300} {
		members := make([]string, count)
		for i := range members {
			members[i] = `"m` + strconv.Itoa(i) + `":` + strconv.Itoa(i)
		}
		all := strings.Join(members, ",")
		var o Object
		if err := o.Parse("{" + all + "}"); err != nil {
			t.Fatalf("%d members: %v", count, err)
		}
		if len(o.Members()) != count {
			t.Errorf("%d members, got %d", count, len(o.Members()))
		}
		for i := range members {
			for _, again := range []string{`"m` + strconv.Itoa(i) + `":0`, `"\u006d` + strconv.Itoa(i) + `":0`} {
				if err := o.Parse("{" + all + "," + again + "}"); err == nil {
					t.Errorf("%d members and %s: accepted", count, again)
				}
				if err := o.Parse("{" + again + "," + all + "}"); err == nil {
					t.Errorf("%s and %d members: accepted", again, count)
				}
			}
		}
	}
}

func TestParseAgain(t *testing.T) {
	var o Object
	for _, text := range []string{`{"a":1,"b":2}`, `{"c":3}`, `{}`} {
		if err := o.Parse(text); err != nil {
			t.Fatal(err)
		}
	}
	if m, ok := o.Find("a"); ok || len(o.Members()) != 0 {
		t.Errorf("members of an earlier text: %v", m)
	}
	_ = o.Parse(`{"a":1,`)
	if _, ok := o.Find("c"); ok {
		t.Error("members of an earlier text")
	}
}

func TestSpan(t *testing.T) {
	const text = ` { "a" : 1 , "\u0062" : [2] } `
	var o Object
	if err := o.Parse(text); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{`"a" : 1`, `"\u0062" : [2]`} {
		m := o.Members()[i]
		start, end := o.Span(m)
		if text[start:end] != want || text[o.ValueStart(m):end] != o.Raw(m) {
			t.Errorf("got %q, value %q", text[start:end], text[o.ValueStart(m):end])
		}
	}
	if _, ok := o.Find("c"); ok {
		t.Error("found what is not there")
	}
}

func TestString(t *testing.T) {
	tests := []struct {
		name, raw, want string
		ok              bool
	}{
		{"plain", `"a b"`, "a b", true},
		{"empty", `""`, "", true},
		{"escapes", `"\"\\\/\b\f\n\r\t"`, "\"\\/\b\f\n\r\t", true},
		{"code units", `"\u0041\u00e9\u20ac\ud83d\ude00\uFFFD"`, "Aé€😀\ufffd", true},
		{"NUL", `"\u0000"`, "\x00", true},
		{"number", "1", "", false},
		{"null", "null", "", false},
		{"object", "{}", "", false},
		{"list", `["a"]`, "", false},
		{"nothing", "", "", false},
		{"one quote", `"`, "", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got, ok := String(test.raw); got != test.want || ok != test.ok {
				t.Errorf("got %q, %v", got, ok)
			}
		})
	}
}

func TestSyntaxError(t *testing.T) {
	for want, err := range map[string]*SyntaxError{
		"is bad (at byte 7)": {Problem: "is bad", Offset: 7},
		"is bad (at byte 0)": {Problem: "is bad"},
		"is bad":             {Problem: "is bad", Offset: -1},
	} {
		if err.Error() != want {
			t.Errorf("got %q, want %q", err, want)
		}
	}
}

// The limit that is documented.
func TestLimit(t *testing.T) {
	if MaxNesting != 64 {
		t.Errorf("nested %d deep", MaxNesting)
	}
}

func TestIsString(t *testing.T) {
	for raw, want := range map[string]bool{
		`""`: true, `"a"`: true, `"\u00e9\n"`: true, `"\ud83d\ude00"`: true,
		``: false, `"`: false, `a`: false, `"a" `: false, `"a""b"`: false, `"\ud800"`: false, `"\x"`: false, "\"\xff\"": false, "\"\n\"": false, `{}`: false,
	} {
		if IsString(raw) != want {
			t.Errorf("%s: want %t", raw, want)
		}
	}
}
