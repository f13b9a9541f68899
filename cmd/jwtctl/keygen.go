package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"apinto-jwt/cmd/jwtctl/internal/files"
	"apinto-jwt/issuer"
	"apinto-jwt/keys"
	"apinto-jwt/rule"
)

const keygenHelp = `HS256, HS384, HS512: a random secret as long as the hash, as base64url. RS*, PS*, ES*, EdDSA, Ed25519: a key pair in PEM, the
private key as PKCS#8, the public one as the rule's rsa_public_key wants it.
With --out the private part goes to a file that only you can read: PREFIX.secret, or PREFIX.key with PREFIX.pub.

EXAMPLES
   jwtctl keygen --alg HS256
   jwtctl keygen --alg ES256 --out app
   jwtctl keygen --alg RS256 --bits 3072 --out app --force`

// keygenCommand returns "jwtctl keygen".
func (t *tool) keygenCommand() *cli.Command {
	return &cli.Command{
		Name: "keygen", Usage: "make a secret or a key pair",
		UsageText:   "jwtctl keygen --alg ALG [--bits N] [--out PREFIX [--force]] [--output FORMAT]",
		Description: keygenHelp,
		Flags: append([]cli.Flag{
			algorithmFlag(),
			&cli.IntFlag{Name: "bits", Value: keys.MinRSABits, DefaultText: strconv.Itoa(keys.MinRSABits), Usage: "length of an RSA key, `N` bits"},
			&cli.StringFlag{Name: "out", Usage: "write files whose names begin with `PREFIX`"},
			&cli.BoolFlag{Name: "force", Usage: "replace files that exist"},
		}, outputFlags()...),
		Action: t.keygen,
	}
}

// keyFile is something to write: a secret, a private key or a public key.
type keyFile struct {
	suffix string
	text   keys.Secret
	mode   fs.FileMode
}

// The modes of files that hold private and public material.
const (
	privateMode fs.FileMode = 0o600
	publicMode  fs.FileMode = 0o644
)

// keygen makes key material and writes it.
func (t *tool) keygen(c *cli.Context) error {
	asJSON, err := wantsJSON(c)
	if err := cmp.Or(err, noArguments(c)); err != nil {
		return err
	}
	alg, err := algorithm(c)
	if err != nil {
		return err
	}
	if c.IsSet("bits") && alg.Kind() != keys.KindRSA {
		return misuse("--bits is for RSA keys; %s has keys of one length", alg)
	}
	if c.IsSet("force") && !c.IsSet("out") {
		return misuse("--force goes with --out")
	}
	material, note, err := generate(alg, c.Int("bits"))
	if err != nil {
		return err
	}
	if c.IsSet("out") {
		err = t.writeFiles(c.String("out"), material, c.Bool("force"), asJSON)
	} else {
		err = t.printFiles(material, asJSON)
	}
	if err == nil {
		_, _ = fmt.Fprintln(t.err, note)
	}
	return err
}

// generate makes the material, and a note on its place in a rule.
func generate(alg keys.Algorithm, bits int) (material []keyFile, note string, err error) {
	if alg.Kind() == keys.KindSecret {
		secret, err := issuer.GenerateSecret(alg)
		if err != nil {
			return nil, "", err
		}
		return []keyFile{{".secret", secret + "\n", privateMode}},
			fmt.Sprintf("in the rule: \"algorithm\": %q, the secret as \"secret\", \"signature_is_base_64\": true", alg), nil
	}
	if bits < keys.MinRSABits { // 0 too, which the issuer takes for the default
		return nil, "", misuse("--bits: at least %d are needed (RFC 7518 §3.3)", keys.MinRSABits)
	}
	private, public, err := issuer.GenerateKeyPair(alg, bits)
	if errors.Is(err, keys.ErrUnsupportedKey) {
		return nil, "", misuse("--bits: %s", err)
	}
	if err != nil {
		return nil, "", err
	}
	r, err := rule.CompileVerifying(&rule.Config{Algorithm: string(alg), RsaPublicKey: public})
	if err != nil {
		return nil, "", err
	}
	return []keyFile{{".key", private, privateMode}, {".pub", keys.Secret(public), publicMode}},
		fmt.Sprintf("in the rule: \"algorithm\": %q, the public key (%s) as \"rsa_public_key\"", alg, r.Keys.Set.Keys()[0]), nil
}

// printFiles writes everything to standard output. As JSON each has the name of its file's suffix: secret, or key and pub.
func (t *tool) printFiles(material []keyFile, asJSON bool) error {
	made, text := make(map[string]string), ""
	for _, file := range material {
		made[strings.TrimPrefix(file.suffix, ".")] = strings.TrimSuffix(file.text.Reveal(), "\n")
		text += file.text.Reveal()
	}
	return t.answer(asJSON, made, text)
}

// writeFiles writes each to a file of its own and prints the names.
func (t *tool) writeFiles(prefix string, material []keyFile, force, asJSON bool) error {
	if prefix == "" {
		return misuse("--out is empty")
	}
	if !force {
		for _, file := range material { // none is written if one cannot be
			if _, err := os.Lstat(prefix + file.suffix); err == nil {
				return fmt.Errorf("--out: %s exists; --force replaces it", prefix+file.suffix)
			}
		}
	}
	var names []string
	for _, file := range material {
		if err := files.Write(prefix+file.suffix, file.text.Reveal(), file.mode, force); err != nil {
			return fmt.Errorf("--out: %w", err)
		}
		names = append(names, prefix+file.suffix)
	}
	return t.answer(asJSON, map[string][]string{"files": names}, strings.Join(names, "\n")+"\n")
}
