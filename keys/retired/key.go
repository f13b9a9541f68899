package retired

import (
	"bytes"
	"cmp"
	"slices"
	"time"

	"apinto-jwt/keys"
)

// MaxLifetime is longer than any token that is minted is good, leeway included.
const MaxLifetime = 25 * time.Hour

// MaxKeys bounds the keys in a file.
const MaxKeys = 1000

// Key is a public key that signs, or has signed.
type Key struct {
	Key *keys.Key
	// Lifetime of the longest token that it signs, leeway included; zero if it signs no more.
	Lifetime time.Duration
	// Until is when the last token of a rule that signs no more has ended; zero if there was no such rule.
	Until time.Time
}

// identity tells keys apart: the same material under two IDs is two keys.
type identity struct {
	id, algorithms string
	thumbprint     [32]byte
}

func (k Key) identity() identity {
	return identity{k.Key.ID(), k.Key.Algorithms().String(), k.Key.Thumbprint()}
}

// retire returns the key as one that signs no more from this time on.
func (k Key) retire(now time.Time) Key {
	if k.Lifetime > 0 {
		k.Until = later(k.Until, now.Add(k.Lifetime))
		k.Lifetime = 0
	}
	return k
}

// merge lists each key of this process once, with its longest times, and the keys of the file that this process does not know:
// another one wrote them, and they count as retired. Keys without any good token are left out. Those that sign no more come first, the one that ends last in front.
func merge(ours, file []Key, now time.Time) []Key {
	at := make(map[identity]int, len(ours))
	list := make([]Key, 0, len(ours))
	for _, k := range ours {
		if i, known := at[k.identity()]; known {
			list[i].Lifetime, list[i].Until = max(list[i].Lifetime, k.Lifetime), later(list[i].Until, k.Until)
			continue
		}
		at[k.identity()] = len(list)
		list = append(list, k)
	}
	for _, k := range file {
		if most := now.Add(MaxLifetime); k.Until.After(most) { // the clock was ahead when it was written
			k.Until = most
		}
		if i, known := at[k.identity()]; known {
			list[i].Until = later(list[i].Until, k.Until)
			continue
		}
		list = append(list, k.retire(now))
	}
	list = slices.DeleteFunc(list, func(k Key) bool { return k.Lifetime == 0 && !k.Until.After(now) })
	slices.SortFunc(list, func(a, b Key) int {
		one, other := a.Key.Thumbprint(), b.Key.Thumbprint()
		return cmp.Or(cmp.Compare(min(a.Lifetime, 1), min(b.Lifetime, 1)), b.Until.Compare(a.Until),
			cmp.Compare(a.Key.ID(), b.Key.ID()), bytes.Compare(one[:], other[:]))
	})
	return list[:min(len(list), MaxKeys)]
}

// later returns the later one of two times.
func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
