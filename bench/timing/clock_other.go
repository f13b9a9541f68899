//go:build !linux

package timing

import "time"

// threadTime is the time on the wall where nothing better is known.
func threadTime() time.Duration { return wallTime() }
