package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"apinto-jwt/issuer"
	"apinto-jwt/keys"
)

// secretVariable is the environment variable that holds a shared secret: unlike a flag, other users of the machine do
// not see it in the list of processes.
const secretVariable = "JWTCTL_SECRET"

// algorithmFlag chooses the algorithm, as "algorithm" of a rule does.
func algorithmFlag() cli.Flag {
	return &cli.StringFlag{Name: "alg", Aliases: []string{"algorithm"}, Usage: "`ALG` is one of " + keys.AlgorithmNames()}
}

// keyFlags returns the ways to give a key.
func keyFlags(keyUsage string) []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "secret-file", Usage: "shared secret (HS*) in `FILE`, - for standard input; a line end after it does not count"},
		&cli.StringFlag{Name: "secret", Usage: "shared secret as `TEXT`; it shows in the list of processes, prefer the file or " + secretVariable},
		&cli.StringFlag{Name: "secret-base64", Usage: "shared secret as base64 `TEXT` (signature_is_base_64 of a rule)"},
		&cli.BoolFlag{Name: "base64", Usage: "the secret in the file or in " + secretVariable + " is base64"},
		&cli.StringFlag{Name: "key", Usage: keyUsage},
	}
}

// algorithm reads --alg.
func algorithm(c *cli.Context) (keys.Algorithm, error) {
	name := c.String("alg")
	if name == "" {
		return "", misuse("--alg is needed: %s", keys.AlgorithmNames())
	}
	alg, err := keys.ParseAlgorithm(name)
	if err != nil { // its text shows the name, which may be anything
		return "", misuse("--alg is none of %s", keys.AlgorithmNames())
	}
	return alg, nil
}

// algorithms reads --alg of a rule: one, or as in a rule several, separated by commas.
func algorithms(c *cli.Context) ([]keys.Algorithm, error) {
	if !strings.Contains(c.String("alg"), ",") {
		alg, err := algorithm(c)
		return []keys.Algorithm{alg}, err
	}
	var list []keys.Algorithm
	for _, name := range strings.Split(c.String("alg"), ",") {
		alg, err := keys.ParseAlgorithm(strings.TrimSpace(name))
		if err != nil {
			return nil, misuse("--alg has a name that is none of %s", keys.AlgorithmNames())
		}
		list = append(list, alg)
	}
	if !c.IsSet("jwks") && slices.ContainsFunc(list, func(a keys.Algorithm) bool { return a.Kind() != keys.KindOKP }) {
		return nil, misuse("--alg has several algorithms, which need --jwks; without it only EdDSA,Ed25519 can stand together")
	}
	return list, nil
}

// checkKeyFlags refuses key flags that do not belong together or not to the algorithm.
func checkKeyFlags(c *cli.Context, alg keys.Algorithm) error {
	if err := exclusive(c, "key", "secret", "secret-base64", "secret-file"); err != nil {
		return err
	}
	if err := exclusive(c, "key", "base64"); err != nil {
		return err
	}
	if alg.Kind() == keys.KindSecret {
		if c.IsSet("key") {
			return misuse("%s wants a shared secret: --secret-file, --secret, --secret-base64 or %s", alg, secretVariable)
		}
		return nil
	}
	if !c.IsSet("key") {
		return misuse("%s wants a key in PEM: --key FILE", alg)
	}
	return nil
}

// sharedSecret is a secret as it was given.
type sharedSecret struct {
	source   string // the flag or variable, for errors
	text     keys.Secret
	isBase64 bool
}

// secret reads the shared secret.
func (t *tool) secret(c *cli.Context) (sharedSecret, error) {
	switch {
	case c.IsSet("secret-base64"):
		return sharedSecret{"--secret-base64", keys.Secret(c.String("secret-base64")), true}, nil
	case c.IsSet("secret"):
		return sharedSecret{"--secret", keys.Secret(c.String("secret")), c.Bool("base64")}, nil
	case c.IsSet("secret-file"):
		content, err := t.read("--secret-file", c.String("secret-file"))
		text := strings.TrimSuffix(strings.TrimSuffix(string(content), "\n"), "\r")
		return sharedSecret{"--secret-file", keys.Secret(text), c.Bool("base64")}, err
	}
	text := t.getenv(secretVariable)
	if text == "" {
		return sharedSecret{}, misuse("HS* algorithms want a shared secret: --secret-file, --secret, --secret-base64 or %s", secretVariable)
	}
	return sharedSecret{secretVariable, keys.Secret(text), c.Bool("base64")}, nil
}

// bytes decodes the secret and warns of a short one. Errors name the flag, never its value.
func (t *tool) bytes(s sharedSecret, alg keys.Algorithm) ([]byte, error) {
	secret, err := s.text.Bytes(s.isBase64)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.source, err)
	}
	t.warnOfShortSecret(len(secret)*8, alg)
	return secret, nil
}

// warnOfShortSecret warns of a secret with fewer bits than the algorithm's hash.
func (t *tool) warnOfShortSecret(bits int, alg keys.Algorithm) {
	if wanted := alg.Hash().Size() * 8; bits < wanted {
		t.warn("the secret has %d bits; %s wants %d or more (RFC 7518 §3.2)", bits, alg, wanted)
	}
}

// signingKey returns the key that the flags give for signing.
func (t *tool) signingKey(c *cli.Context, alg keys.Algorithm) (*issuer.SigningKey, error) {
	if err := checkKeyFlags(c, alg); err != nil {
		return nil, err
	}
	if alg.Kind() == keys.KindSecret {
		given, err := t.secret(c)
		if err != nil {
			return nil, err
		}
		secret, err := t.bytes(given, alg)
		if err != nil {
			return nil, err
		}
		return issuer.NewSecretKey(c.String("kid"), secret, alg)
	}
	text, err := t.read("--key", c.String("key"))
	if err != nil {
		return nil, err
	}
	key, err := issuer.NewPEMKey(c.String("kid"), keys.Secret(text), alg)
	if err != nil {
		return nil, fmt.Errorf("--key: %w", err)
	}
	return key, nil
}
