// Package diskcache keeps the last good key sets of one configuration in a file, for the next start. It judges whether a file may
// be believed, by its owner and mode, before it reads it. Shared secrets are never written.
package diskcache
