package process

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// tick is the unit of Linux's /proc for times, on every system that Go runs on.
const tick = 10 * time.Millisecond

// stat is the part of /proc/PID/stat that is counted.
type stat struct {
	pid, parent, group int
	// ended marks a process that its parent has not waited for yet.
	ended  bool
	own    time.Duration // processor time used
	reaped time.Duration // processor time of the children that have ended
}

// errStat reports a line that is not one of /proc/PID/stat.
var errStat = errors.New("not a line of /proc/PID/stat")

// parseStat reads a line of /proc/PID/stat: pid (name) state ppid pgrp …. The name may have spaces and brackets.
func parseStat(line []byte) (stat, error) {
	pid, err := strconv.Atoi(string(line[:max(0, bytes.IndexByte(line, ' '))]))
	if err != nil {
		return stat{}, errStat
	}
	fields := bytes.Fields(line[bytes.LastIndexByte(line, ')')+1:])
	if len(fields) < 15 {
		return stat{}, errStat
	}
	numbers := make([]int, 15)
	for _, i := range []int{1, 2, 11, 12, 13, 14} {
		if numbers[i], err = strconv.Atoi(string(fields[i])); err != nil {
			return stat{}, errStat
		}
	}
	return stat{
		pid: pid, parent: numbers[1], group: numbers[2], ended: string(fields[0]) == "Z",
		own: time.Duration(numbers[11]+numbers[12]) * tick, reaped: time.Duration(numbers[13]+numbers[14]) * tick,
	}, nil
}

// all lists the processes of the machine.
func all() ([]stat, error) {
	paths, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil || len(paths) == 0 {
		return nil, fmt.Errorf("list processes: no /proc here: %w", err)
	}
	var list []stat
	for _, path := range paths {
		line, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended meanwhile
		}
		if s, err := parseStat(line); err == nil {
			list = append(list, s)
		}
	}
	return list, nil
}
