// Package process counts what a server's processes use, all of them: a master, its workers, and those that have ended.
package process

import (
	"errors"
	"time"
)

// Usage is the processor time and memory of a server's processes.
type Usage struct {
	Processes int // those that live
	// CPU is their user and system time since the first of them started.
	CPU    time.Duration
	Memory int64 // resident, in bytes
}

// errGone reports a server without a process.
var errGone = errors.New("the server's processes have ended")

// Of adds up the processes of a server: those of the root's process group and all descendants of these.
func Of(root int) (Usage, error) {
	list, err := all()
	if err != nil {
		return Usage{}, err
	}
	members := family(root, list)
	u := total(members)
	if u.Processes == 0 {
		return Usage{}, errGone
	}
	for _, s := range members {
		u.Memory += memory(s.pid)
	}
	return u, nil
}

// CPU returns the processor time of Of, without the memory, which takes longer.
func CPU(root int) (time.Duration, error) {
	list, err := all()
	if err != nil {
		return 0, err
	}
	u := total(family(root, list))
	if u.Processes == 0 {
		return 0, errGone
	}
	return u.CPU, nil
}

// family picks the members of the root's process group and their descendants.
func family(root int, list []stat) []stat {
	in := make(map[int]bool)
	var members []stat
	for grown := true; grown; {
		grown = false
		for _, s := range list {
			if !in[s.pid] && (s.pid == root || s.group == root || in[s.parent]) {
				in[s.pid], grown = true, true
				members = append(members, s)
			}
		}
	}
	return members
}

// total adds up the times. The time of a child that ends moves to its parent's reaped time, so that nothing is lost.
func total(members []stat) Usage {
	var u Usage
	for _, s := range members {
		u.CPU += s.own + s.reaped
		if !s.ended {
			u.Processes++
		}
	}
	return u
}
