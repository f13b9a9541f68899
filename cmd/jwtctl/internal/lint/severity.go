package lint

import "slices"

// Severity says how bad a finding is, by its name in SARIF 2.1.0 §3.27.10.
type Severity string

// The severities, the least first.
const (
	Note    Severity = "note"    // It may be meant.
	Warning Severity = "warning" // It is rarely meant, or weak.
	Error   Severity = "error"   // It cannot work, or anybody can make tokens.
)

// Severities lists them, the least first.
func Severities() []Severity { return []Severity{Note, Warning, Error} }

// rank is greater for what is worse.
func (s Severity) rank() int { return slices.Index(Severities(), s) }

// AtLeast reports whether the severity is as bad as the other, or worse.
func (s Severity) AtLeast(other Severity) bool { return s.rank() >= other.rank() }
