package issuer

import (
	"encoding/base64"
	"fmt"

	"apinto-jwt/token"
)

// Header is a token's JOSE header without "alg" and "kid", which are the key's.
type Header struct {
	// Type is "typ" (RFC 7519 §5.1): "JWT", or "at+jwt" for an access token (RFC 9068 §2.1). Empty: left out.
	Type string
	// Extra are further header parameters, which follow in their order.
	Extra Object
}

// reserved are the header parameters with a place of their own.
var reserved = [...]string{"alg", "typ", "kid"}

// Sign makes a token in JWS compact serialization (RFC 7515 §7.1) of the header {"alg","typ","kid",…} and the payload,
// which is a claims set as JSON text and is signed byte by byte as it is. A token that the driver's parser refuses
// is never returned. Errors: ErrHeader, ErrUnacceptable with a *token.Error, or the signature function's.
func (k *SigningKey) Sign(header Header, payload []byte) (string, error) {
	head, err := k.header(header)
	if err != nil {
		return "", err
	}
	input := encodeSegment(head) + "." + encodeSegment(payload)
	signature, err := k.method.Sign(input, k.material)
	if err != nil {
		return "", fmt.Errorf("sign with %s: %w", k, err)
	}
	signed := input + "." + signature
	if _, err := token.Parse(signed); err != nil {
		return "", fmt.Errorf("%w: %w", ErrUnacceptable, err)
	}
	return signed, nil
}

// header returns the JOSE header's text.
func (k *SigningKey) header(header Header) ([]byte, error) {
	var o Object
	for _, name := range reserved {
		if header.Extra.Has(name) {
			return nil, fmt.Errorf("%q %w", name, ErrHeader)
		}
	}
	own := []struct{ name, value string }{{"alg", string(k.algorithm)}, {"typ", header.Type}, {"kid", k.ID()}}
	for _, m := range own {
		if m.value == "" {
			continue
		}
		if err := o.Set(m.name, m.value); err != nil {
			return nil, err
		}
	}
	o.members = append(o.members, header.Extra.members...)
	return o.JSON(), nil
}

// encodeSegment is base64url without padding (RFC 7515 §2).
func encodeSegment(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
