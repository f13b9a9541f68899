package jwttoken

import "net/http"

// published returns the answer with a public JSON document, which scripts of any origin may read (Fetch standard, CORS
// protocol) and clients may keep for a minute.
func published(text []byte) answer {
	a := answer{status: http.StatusOK, body: text}
	return a.with("Content-Type", "application/json").with("Cache-Control", "public, max-age=60").crossOrigin()
}

// preflight returns the answer to a browser's question whether a script may ask for a public document.
func preflight() answer {
	a := answer{status: http.StatusNoContent}
	return a.crossOrigin().with("Access-Control-Allow-Methods", "GET, HEAD").with("Access-Control-Allow-Headers", "*").
		with("Access-Control-Max-Age", "86400")
}

// crossOrigin lets scripts of any origin read the answer.
func (a answer) crossOrigin() answer { return a.with("Access-Control-Allow-Origin", "*") }
