//go:build !linux

package timing

import "time"

// threadTime returns the time on the wall if nothing better is known.
func threadTime() time.Duration { return wallTime() }
