module apinto-jwt/test/oauth

go 1.24.0

require (
	apinto-jwt v0.0.0
	golang.org/x/oauth2 v0.14.0
)

require (
	github.com/golang/protobuf v1.5.4 // indirect
	google.golang.org/appengine v1.6.8 // indirect
	google.golang.org/protobuf v1.34.2 // indirect
)

replace (
	apinto-jwt => ../..
	github.com/soheilhy/cmux v0.1.5 => github.com/hmzzrcs/cmux v0.1.6
)
