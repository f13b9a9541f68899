package leak

import (
	"encoding/binary"
	"maps"
	"slices"
)

// index finds any of many texts in one pass: the first eight bytes of each are a number, and a table of bits says of
// most places in the searched text that none of the numbers stands there.
type index struct {
	bits   [1 << 14]uint64
	starts map[uint64][]int // number → the lengths of the texts that begin with it, the shortest first
	kinds  map[string]Kind
}

func newIndex(kinds map[string]Kind) *index {
	x := &index{starts: map[uint64][]int{}, kinds: kinds}
	lengths := map[uint64]map[int]bool{}
	for text := range kinds {
		number := binary.LittleEndian.Uint64([]byte(text))
		word, bit := place(number)
		x.bits[word] |= bit
		if lengths[number] == nil {
			lengths[number] = map[int]bool{}
		}
		lengths[number][len(text)] = true
	}
	for number, all := range lengths {
		x.starts[number] = slices.Sorted(maps.Keys(all))
	}
	return x
}

// place is a number's bit in the table.
func place(number uint64) (word int, bit uint64) {
	hash := number * 0x9E3779B97F4A7C15 >> 44 // 20 bits
	return int(hash >> 6), 1 << (hash & 63)
}

// find calls report for each text of the index that stands in line.
func (x *index) find(line []byte, report func(kind Kind, text string)) {
	for i := 0; i+shortest <= len(line); i++ {
		number := binary.LittleEndian.Uint64(line[i:])
		if word, bit := place(number); x.bits[word]&bit == 0 {
			continue
		}
		for _, length := range x.starts[number] {
			if i+length > len(line) {
				break
			}
			if kind, ok := x.kinds[string(line[i:i+length])]; ok {
				report(kind, string(line[i:i+length]))
			}
		}
	}
}
