package jwt

import (
	"encoding/json"
	"errors"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"apinto-jwt/rule"
)

// wrongTypes are values that no field takes, by the kind of the field.
func wrongTypes(kind reflect.Kind) []string {
	switch kind {
	case reflect.String:
		return []string{`1`, `true`, `["x"]`}
	case reflect.Bool:
		return []string{`"true"`, `1`, `{}`}
	case reflect.Int:
		return []string{`"1"`, `1.5`, `true`, `1e99`}
	case reflect.Slice:
		return []string{`1`, `{"exp":true}`, `[1]`, `["exp",{}]`}
	case reflect.Map:
		return []string{`1`, `"x"`, `["x"]`, `{"a":{"b":1}}`}
	}
	return nil
}

func TestWrongTypeIsAFaultOfItsField(t *testing.T) {
	k := newKit(t)
	eachField(t, func(name string, field reflect.StructField) {
		for _, value := range wrongTypes(field.Type.Kind()) {
			t.Run(name+"="+value, func(t *testing.T) {
				err := k.fault(entry{config: ruleJSON(name, value)})
				if !errors.Is(err, ErrConfig) || !slices.Contains(faultyFields(err), "config."+name) {
					t.Errorf("got %v, want a fault of config.%s", err, name)
				}
			})
		}
	})
}

// The same text must be the same rule in every process of the gateway, also if a field stands there twice.
func TestTheSameTextIsTheSameRule(t *testing.T) {
	k := newKit(t)
	text := `{"algorithm":"HS256","path":"sub","secret":"one","Secret":"two","SECRET":"three"}`
	ids := map[string]bool{}
	for range 50 {
		a, err := k.Create("", "", baseConfig(t, k, text))
		if err != nil {
			ids[err.Error()] = true
			continue
		}
		ids[a.ID()] = true
	}
	if len(ids) != 1 {
		t.Errorf("one text became %d rules", len(ids))
	}
}

// A rule is stored as the JSON that is made of it, so nothing may be lost on the way.
func TestRuleSurvivesJSON(t *testing.T) {
	for _, text := range []string{
		ruleJSON("iss", `"a"`, "secret", `"YXBpbnRv"`, "signature_is_base_64", `true`, "claims_to_verify", `["exp"]`, "required_claims", `{"a":["b"]}`),
		ruleJSON("claims_to_verify", `[]`, "required_claims", `{}`),
		ruleJSON("claims_to_verify", `null`, "required_claims", `{"a":[]}`),
	} {
		t.Run(text, func(t *testing.T) {
			k := newKit(t)
			first := k.make(entry{config: text})
			written, err := json.Marshal(baseConfig(t, k, text))
			if err != nil {
				t.Fatal(err)
			}
			if again := k.make(entry{config: string(written)}); again.ID() != first.ID() {
				t.Errorf("%s became another rule", written)
			}
		})
	}
}

// eachField visits the fields of a rule by their JSON names.
func eachField(t *testing.T, visit func(name string, field reflect.StructField)) {
	t.Helper()
	fields := reflect.VisibleFields(reflect.TypeOf(rule.Config{}))
	for _, field := range fields {
		if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" && name != "-" {
			visit(name, field)
		}
	}
}

// faultPattern is how a fault begins: with its field.
var faultPattern = regexp.MustCompile(`(?:^|; )(config(?:\.\w+)*|position|token_name): `)

// faultyFields are the fields that the error finds fault with, in order, each once.
func faultyFields(err error) []string {
	_, list, _ := strings.Cut(err.Error(), ": ") // without ErrConfig's own text
	var fields []string
	for _, match := range faultPattern.FindAllStringSubmatch(list, -1) {
		fields = append(fields, match[1])
	}
	slices.Sort(fields)
	return slices.Compact(fields)
}
