package keys

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestSecretBytes(t *testing.T) {
	tests := []struct {
		name     string
		secret   Secret
		isBase64 bool
		want     string
		err      error
	}{
		{"text", "apinto", false, "apinto", nil},
		{"text with white space round it", " a b\n", false, " a b\n", nil},
		{"text that looks like base64", "YXBpbnRv", false, "YXBpbnRv", nil},
		{"text beyond ASCII", "密钥\x00\xff", false, "密钥\x00\xff", nil},
		{"empty text", "", false, "", ErrEmpty},
		{"blank text", " \t\r\n", false, "", ErrEmpty},
		{"no-break space", "\u00a0", false, "", ErrEmpty},
		{"base64, padded", "YXBpbnQ=", true, "apint", nil},
		{"base64, not padded", "YXBpbnQ", true, "apint", nil},
		{"base64, two of padding", "YXBpbg==", true, "apin", nil},
		{"standard alphabet", "+/+/", true, "\xfb\xff\xbf", nil},
		{"URL alphabet", "-_-_", true, "\xfb\xff\xbf", nil},
		{"URL alphabet, padded", "-_8=", true, "\xfb\xff", nil},
		{"line end behind it", "YXBpbnRv\r\n", true, "apinto", nil},
		{"zero bytes", "AAAA", true, "\x00\x00\x00", nil},
		{"empty base64", "", true, "", ErrEmpty},
		{"blank base64", " \n", true, "", ErrEmpty},
		{"padding alone", "==", true, "", ErrEmpty},
		{"both alphabets", "+_+_", true, "", ErrBase64},
		{"line end inside", "YXBp\nbnRv", true, "", ErrBase64},
		{"carriage return inside", "YXBp\rbnRv", true, "", ErrBase64},
		{"blank inside", "YXBp bnRv", true, "", ErrBase64},
		{"padding inside", "YXBpbg==YXBp", true, "", ErrBase64},
		{"stray bits", "YXBpbnR", true, "", ErrBase64},
		{"stray bits, padded", "YXBpbnR=", true, "", ErrBase64},
		{"one letter", "Y", true, "", ErrBase64},
		{"no base64", "apinto!", true, "", ErrBase64},
		{"beyond ASCII", "é", true, "", ErrBase64},
		{"NUL", "YXBp\x00", true, "", ErrBase64},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := test.secret.Bytes(test.isBase64)
			if string(got) != test.want || !errors.Is(err, test.err) {
				t.Errorf("got %q, %v", got, err)
			}
			if err != nil && len(test.secret) > 2 && strings.Contains(err.Error(), string(test.secret)) {
				t.Errorf("the error shows the secret: %s", err)
			}
		})
	}
}

// A secret is seen nowhere but in JSON, which the gateway stores, and where Reveal says so.
func TestSecretIsRedacted(t *testing.T) {
	secret := Secret("hunter2")
	holder := struct {
		Name   string
		Secret Secret
	}{"x", secret}
	// Not %p: fmt asks nobody there, and go vet refuses it for what is no pointer.
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%10s", "%.3s", "%T", "%c", "%b", "%e", "%U", "%t"} {
		for _, value := range []any{secret, &secret, holder, &holder, []Secret{secret}, map[string]Secret{"a": secret}, errors.Join(fmt.Errorf("%v", secret))} {
			text := fmt.Sprintf(format, value)
			for _, trace := range []string{"hunter", "68756e", "68 75", "HUNTER", "68756E", "104 117"} {
				if strings.Contains(text, trace) {
					t.Errorf("%s of %T shows it: %s", format, value, text)
				}
			}
		}
	}
	for format, want := range map[string]string{"%v": "[redacted]", "%s": "[redacted]", "%q": `"[redacted]"`, "%#v": `"[redacted]"`} {
		if got := fmt.Sprintf(format, secret); got != want {
			t.Errorf("%s is %s", format, got)
		}
	}
	if secret.String() != "[redacted]" || secret.GoString() != `"[redacted]"` || Secret("").String() != "" {
		t.Error("String or GoString")
	}
	if text, err := json.Marshal(holder); err != nil || !bytes.Contains(text, []byte("hunter2")) {
		t.Errorf("JSON is %s, %v", text, err)
	}
	if secret.Reveal() != "hunter2" {
		t.Error("Reveal")
	}
}

// No text that is said to be base64 becomes an empty or another key, or shows itself in an error.
func FuzzSecret(f *testing.F) {
	for _, seed := range []string{"", " ", "YXBpbnRv", "YXBpbg==", "-_-_", "+/+/", "YXBp\nbnRv", "=", "A", "a b", "\xff", "AB", "YXBpbnRv\r\n"} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	f.Fuzz(func(t *testing.T, text string, isBase64 bool) {
		secret, err := Secret(text).Bytes(isBase64)
		if err != nil {
			if len(secret) > 0 || !errors.Is(err, ErrEmpty) && !errors.Is(err, ErrBase64) {
				t.Fatalf("got %q, %v", secret, err)
			}
			if len(text) > 60 && strings.Contains(err.Error(), text) {
				t.Fatalf("the error shows the secret: %s", err)
			}
			return
		}
		if len(secret) == 0 {
			t.Fatal("an empty key")
		}
		if !isBase64 && string(secret) != text {
			t.Fatalf("%q became %q", text, secret)
		}
		if isBase64 && !spells(secret, strings.TrimRight(strings.TrimSpace(text), "=")) {
			t.Fatalf("%q became %q, which is spelled otherwise", text, secret)
		}
	})
}

// spells reports whether the text is the bytes' one spelling in either alphabet.
func spells(secret []byte, text string) bool {
	url := strings.NewReplacer("+", "-", "/", "_")
	want := base64.RawStdEncoding.EncodeToString(secret)
	return text == want || text == url.Replace(want)
}
