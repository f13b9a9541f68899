package screen

import "unicode"

// wide holds the characters that take two columns of a terminal (Unicode TR 11, "W" and "F"), roughly: a caret below a
// Chinese text would stand too far left without them.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x1100, Hi: 0x115f, Stride: 1}, // Hangul
		{Lo: 0x2e80, Hi: 0xa4cf, Stride: 1}, // CJK, kana, Yi
		{Lo: 0xac00, Hi: 0xd7a3, Stride: 1}, // Hangul
		{Lo: 0xf900, Hi: 0xfaff, Stride: 1}, // CJK
		{Lo: 0xfe30, Hi: 0xfe6f, Stride: 1}, // CJK punctuation
		{Lo: 0xff01, Hi: 0xff60, Stride: 1}, // full-width forms
		{Lo: 0xffe0, Hi: 0xffe6, Stride: 1},
	},
	R32: []unicode.Range32{
		{Lo: 0x1f300, Hi: 0x1faff, Stride: 1}, // pictures
		{Lo: 0x20000, Hi: 0x3fffd, Stride: 1}, // CJK
	},
}

// Columns returns how many columns of a terminal the text takes.
func Columns(text string) int {
	n := 0
	for _, r := range text {
		switch {
		case unicode.Is(wide, r):
			n += 2
		case !unicode.Is(unicode.M, r): // marks stand on the character before them
			n++
		}
	}
	return n
}
