module apinto-jwt/test/docs

go 1.24.0

require (
	apinto-jwt v0.0.0
	github.com/yuin/goldmark v1.8.6
)

replace (
	apinto-jwt => ../..
	github.com/soheilhy/cmux v0.1.5 => github.com/hmzzrcs/cmux v0.1.6
)
