#!/bin/sh
# Makes the keys that the corpus is signed with. They are for tests alone: everyone can read them.
# Run it only to replace them all; then run "go generate ./test/corpus".
set -eu
cd "$(dirname "$0")"

for name in rsa rsa-other; do
	openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$name.pem"
done
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out rsa-1024.pem

for curve in P-256 P-384 P-521; do
	name=$(echo "$curve" | tr -d - | tr P p)
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:"$curve" -out "$name.pem"
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:"$curve" -out "$name-other.pem"
done
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1 -pkeyopt ec_param_enc:named_curve |
	openssl pkey -pubout -out secp256k1.pub.pem
openssl genpkey -algorithm X25519 | openssl pkey -pubout -out x25519.pub.pem

for name in ed25519 ed25519-other; do
	openssl genpkey -algorithm ed25519 -out "$name.pem"
done

for name in rsa p256 ed25519 rsa-other; do
	openssl req -x509 -new -key "$name.pem" -subj /CN=issuer.test -days 36500 -out "$name.cert.pem"
done

openssl rand -hex 64 | tr -d '\n' >secret.txt
