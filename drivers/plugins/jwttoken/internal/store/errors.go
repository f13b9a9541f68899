package store

import "errors"

// The faults of a store.
var (
	errNoStore    = errors.New("there is no such output, or it is no cache")
	errSlow       = errors.New("no answer in time")
	errFull       = errors.New("the store of the process is full")
	errUnreadable = errors.New("an answer that cannot be read")
)
