package screen

import (
	"io"
	"os"

	"golang.org/x/term"
)

// Colour is a colour of a terminal's text.
type Colour string

// The colours.
const (
	Red    Colour = "31"
	Yellow Colour = "33"
	Cyan   Colour = "36"
)

// Coloured reports whether what is written may have colours: it goes to a terminal that has them, and NO_COLOR does not forbid them.
func Coloured(w io.Writer, getenv func(string) string) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && mayColour(getenv)
}

// mayColour reports whether the environment lets a terminal have colours (https://no-color.org).
func mayColour(getenv func(string) string) bool {
	return getenv("NO_COLOR") == "" && getenv("TERM") != "dumb" && getenv("TERM") != ""
}

// In returns the text in a colour.
func (c Colour) In(text string) string { return "\x1b[1;" + string(c) + "m" + text + "\x1b[0m" }
