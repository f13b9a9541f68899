package picture

import (
	"image/color"
	"strings"
)

// colours by the beginning of a name; ours are green, the filter blue-green, the host's own red, libraries blue, floors grey. They can be
// told apart by their lightness too.
var colours = []struct {
	prefix string
	colour color.RGBA
}{
	{"apinto-jwt + filter", color.RGBA{0, 165, 195, 255}},
	{"apinto-jwt, warm", color.RGBA{0, 110, 60, 255}},
	{"apinto-jwt", color.RGBA{90, 180, 120, 255}},
	{"Apinto builtin", color.RGBA{200, 50, 40, 255}},
	{"builtin", color.RGBA{200, 50, 40, 255}},
	{"kataras", color.RGBA{160, 200, 235, 255}},
	{"golang-jwt", color.RGBA{100, 155, 215, 255}},
	{"go-jose", color.RGBA{50, 105, 175, 255}},
	{"lestrrat", color.RGBA{20, 55, 115, 255}},
	{"bare", color.RGBA{60, 60, 60, 255}},
	{"apikey", color.RGBA{130, 130, 130, 255}},
	{"open", color.RGBA{40, 40, 40, 255}},
}

// colourOf returns the colour of a contender.
func colourOf(name string) color.Color {
	for _, one := range colours {
		if strings.HasPrefix(name, one.prefix) {
			return one.colour
		}
	}
	return color.RGBA{200, 160, 0, 255}
}
