package lint

import (
	"net/url"
	"path/filepath"
	"slices"
	"strings"
)

// Log is a SARIF log file (SARIF 2.1.0 §3.13), as far as findings fill it.
type Log struct {
	Schema  string `json:"$schema"`
	Version string `json:"version"`
	Runs    []run  `json:"runs"`
}

type run struct {
	Tool    tool     `json:"tool"`
	Results []result `json:"results"`
}

type tool struct {
	Driver component `json:"driver"`
}

type component struct {
	Name    string       `json:"name"`
	Version string       `json:"version,omitempty"`
	Rules   []descriptor `json:"rules"`
}

type descriptor struct {
	ID       string        `json:"id"`
	Name     string        `json:"name"`
	Short    message       `json:"shortDescription"`
	Help     message       `json:"help"`
	Defaults configuration `json:"defaultConfiguration"`
}

type configuration struct {
	Level Severity `json:"level"`
}

type message struct {
	Text string `json:"text"`
}

type result struct {
	RuleID    string     `json:"ruleId"`
	RuleIndex int        `json:"ruleIndex"`
	Level     Severity   `json:"level"`
	Message   message    `json:"message"`
	Locations []location `json:"locations"`
}

type location struct {
	Physical *physical `json:"physicalLocation,omitempty"`
	Logical  []logical `json:"logicalLocations"`
}

type physical struct {
	Artifact artifact `json:"artifactLocation"`
}

type artifact struct {
	URI string `json:"uri"`
}

type logical struct {
	Name     string `json:"name"`
	FullName string `json:"fullyQualifiedName"`
	Kind     string `json:"kind"`
}

// SARIF returns the findings as a log of the tool of this version. All kinds of findings are among its rules.
func SARIF(list []Finding, version string) Log {
	driver := component{Name: "jwtctl lint", Version: version}
	for _, k := range catalogue {
		driver.Rules = append(driver.Rules, descriptor{
			k.ID, pascal(k.Name), message{k.Title}, message{k.Remedy + " (" + k.page() + ")"}, configuration{k.Severity},
		})
	}
	results := make([]result, 0, len(list))
	for _, f := range list {
		results = append(results, f.result())
	}
	return Log{
		Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0",
		Runs: []run{{tool{driver}, results}},
	}
}

// result returns the finding as SARIF has it. What the gateway stores has no file: its place is a logical one.
func (f *Finding) result() result {
	at := location{Logical: []logical{{Name: lastOf(f.Object, f.Field), FullName: strings.TrimSuffix(f.Object+"/"+f.Field, "/"), Kind: "member"}}}
	if f.File != "" {
		at.Physical = &physical{artifact{(&url.URL{Path: filepath.ToSlash(f.File)}).String()}}
	}
	return result{
		RuleID: f.ID, RuleIndex: slices.IndexFunc(catalogue, func(k Kind) bool { return k.ID == f.ID }), Level: f.Severity,
		Message: message{f.where() + ": " + f.What + ". " + f.Remedy}, Locations: []location{at},
	}
}

// lastOf returns the field, or else the object.
func lastOf(object, field string) string {
	if field == "" {
		return object
	}
	return field
}

// pascal writes a name as SARIF recommends it for rules (§3.49.7): "NoUsers" of "no-users".
func pascal(name string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(name, "-") {
		b.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return b.String()
}
