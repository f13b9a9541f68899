package forge

import (
	"crypto"
	"crypto/rsa"
	"math/big"
)

// RawRSA applies the private key to an encoded message, whatever that is.
func RawRSA(key *rsa.PrivateKey, encoded []byte) []byte {
	m := new(big.Int).SetBytes(encoded)
	return m.Exp(m, key.D, key.N).FillBytes(make([]byte, key.Size()))
}

// DigestHeaders are the DigestInfo headers of EMSA-PKCS1-v1_5 (RFC 8017 §9.2, note 1).
var DigestHeaders = map[crypto.Hash]string{
	crypto.SHA1:   "\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14",
	crypto.SHA256: "\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20",
	crypto.SHA384: "\x30\x41\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30",
	crypto.SHA512: "\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40",
}

// DigestInfo returns the content of a PKCS#1 v1.5 signature.
func DigestInfo(h crypto.Hash, digest []byte) string { return DigestHeaders[h] + string(digest) }

// PKCS1 is EMSA-PKCS1-v1_5 of RFC 8017 §9.2 round any content.
func PKCS1(key *rsa.PrivateKey, content string) []byte {
	return Padded(key, 0x01, 0xff, key.Size()-3-len(content), content)
}

// Padded is 00, the Block type, so many bytes of padding, 00, the content, and zeros up to the key's length.
func Padded(key *rsa.PrivateKey, kind, padding byte, count int, content string) []byte {
	out := make([]byte, 0, key.Size())
	out = append(out, 0, kind)
	for range count {
		out = append(out, padding)
	}
	out = append(append(out, 0), content...)
	return out[:key.Size()]
}

// PSS is EMSA-PSS (RFC 8017 §9.1.1), each of its choices free.
type PSS struct {
	Hash, MGF crypto.Hash
	Salt      int
	Trailer   byte // 0: as prescribed
	Separator byte // 0: as prescribed
}

// Encode returns the encoded message.
func (p PSS) Encode(key *rsa.PrivateKey, input string) []byte {
	bits := key.N.BitLen() - 1
	size := (bits + 7) / 8
	digest := Sum(p.Hash, input)
	salt := p.mask(append([]byte("salt"), digest...), p.Salt)
	h := Sum(p.Hash, string(make([]byte, 8))+string(digest)+string(salt))
	db := make([]byte, size-len(h)-1)
	db[len(db)-len(salt)-1] = or(p.Separator, 0x01)
	copy(db[len(db)-len(salt):], salt)
	for i, b := range p.mask(h, len(db)) {
		db[i] ^= b
	}
	db[0] &= 0xff >> (8*size - bits)
	return append(append(db, h...), or(p.Trailer, 0xbc))
}

// mask is MGF1 (RFC 8017 B.2.1).
func (p PSS) mask(seed []byte, size int) []byte {
	var out []byte
	for counter := byte(0); len(out) < size; counter++ {
		out = append(out, Sum(p.MGF, string(seed)+"\x00\x00\x00"+string(counter))...)
	}
	return out[:size]
}

func or(b, otherwise byte) byte {
	if b == 0 {
		return otherwise
	}
	return b
}
