module apinto-jwt/test/interop

go 1.26.0

ignore ./node_modules

require apinto-jwt v0.0.0

replace (
	apinto-jwt => ../..
	github.com/soheilhy/cmux v0.1.5 => github.com/hmzzrcs/cmux v0.1.6
)
