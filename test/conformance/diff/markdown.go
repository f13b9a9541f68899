package diff

import (
	"fmt"
	"strings"

	"apinto-jwt/test/corpus"
)

// tally counts the outcomes of one class of cases.
type tally struct {
	cases, accepted              int
	asked, wrongly, barred, dead int // of the builtin
}

func (t *tally) add(other tally) {
	t.cases += other.cases
	t.accepted += other.accepted
	t.asked += other.asked
	t.wrongly += other.wrongly
	t.barred += other.barred
	t.dead += other.dead
}

func (t *tally) row(name string) string {
	return fmt.Sprintf("| %s | %d | %d | %d | %d | %d | %d | %d |\n",
		name, t.cases, t.accepted, t.cases-t.accepted, t.asked, t.wrongly, t.barred, t.dead)
}

// note counts the builtin's answer. What the RFCs leave open is not counted as wrong.
func (t *tally) note(a *Answer) {
	t.asked++
	switch {
	case a.Agrees() || a.Fault != nil && a.Fault.Choice:
	case a.Theirs == Panics:
		t.dead++
	case a.Theirs == Accepts:
		t.wrongly++
	default:
		t.barred++
	}
}

// Markdown returns the tables of the README and of the page on migration.
func Markdown(answers []Answer) string {
	return classes(answers) + "\n" + differences(answers) + "\n" + configurations()
}

// classes returns the corpus by class, and the mutations, with our verdicts and the builtin's.
func classes(answers []Answer) string {
	var names []string
	tallies := make(map[string]*tally)
	of := func(class string) *tally {
		if tallies[class] == nil {
			names, tallies[class] = append(names, class), new(tally)
		}
		return tallies[class]
	}
	for _, c := range corpus.Cases() {
		t := of(c.Class)
		if t.cases++; c.Want == corpus.Accepted {
			t.accepted++
		}
	}
	const mutated = "mutations of good tokens"
	for i := range answers {
		a := &answers[i]
		if a.Who != builtin {
			continue
		}
		class := a.Class
		if a.Mutation != "" {
			class = mutated
			if t := of(class); a.Ours == nil {
				t.accepted++
			}
			of(class).cases++
		}
		of(class).note(a)
	}
	var b strings.Builder
	b.WriteString("| class | cases | we accept | we refuse | asked of the builtin | it accepts wrongly | it refuses wrongly | it dies |\n" +
		"|---|--:|--:|--:|--:|--:|--:|--:|\n")
	var sum tally
	for _, name := range names {
		b.WriteString(tallies[name].row(name))
		sum.add(*tallies[name])
	}
	b.WriteString(sum.row("**all**"))
	return b.String()
}

// differences returns every fault that was seen, with who has it, how often, and the shortest example.
func differences(answers []Answer) string {
	var b strings.Builder
	for _, choice := range []bool{false, true} {
		if choice {
			b.WriteString("\nWhat the RFCs leave open, and is decided otherwise here:\n\n")
		}
		b.WriteString("| who | does what | where it stands | cases | example |\n|---|---|---|---|---|\n")
		for _, f := range Faults() {
			if f.Choice == choice {
				b.WriteString(difference(&f, answers))
			}
		}
	}
	return b.String()
}

func difference(f *Fault, answers []Answer) string {
	counts := make(map[string]int)
	var example *Answer
	for i := range answers {
		a := &answers[i]
		if a.Fault == nil || a.Fault.Name != f.Name {
			continue
		}
		counts[a.Who]++
		if example == nil || a.Mutation == "" && len(a.Token)+len(a.Request) < len(example.Token)+len(example.Request) {
			example = a
		}
	}
	if example == nil {
		return ""
	}
	numbers := make([]string, len(f.Who))
	for i, who := range f.Who {
		numbers[i] = fmt.Sprint(counts[who])
	}
	return fmt.Sprintf("| %s | %s (%s) | %s | %s | %s |\n",
		strings.Join(f.Who, ", "), f.Name, f.Outcome, f.Section, strings.Join(numbers, ", "), cell(example))
}

// cell shows what is special about an example.
func cell(a *Answer) string {
	text := a.Name
	if !strings.Contains(text, "{") && a.Token != "" && len(a.header.text)+len(a.payload.text) < 150 {
		text += ": `" + a.header.text + "` `" + a.payload.text + "`"
	}
	return strings.NewReplacer("|", "\\|", "\n", "\\n", "\r", "\\r", "\t", "\\t").Replace(strings.ToValidUTF8(text, "\ufffd"))
}

// configurations returns the rules that the builtin takes and that we refuse when they are saved.
func configurations() string {
	factory, asked, taken := newBuiltin().create(), 0, 0
	for _, bad := range corpus.BadRules() {
		if hasOwnField(bad.Config) {
			continue
		}
		asked++
		config, err := base(bad.Config, factory)
		if err != nil {
			continue
		}
		if _, err := factory.Create("Authorization", "header", config); err == nil {
			taken++
		}
	}
	return fmt.Sprintf("Of %d configurations that are refused here when they are saved, the builtin takes %d.\n", asked, taken)
}
