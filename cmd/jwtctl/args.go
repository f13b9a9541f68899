package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// repeated is a flag that may be given again, each time with one value. The library's own would part values at commas,
// which claims have.
type repeated []string

// Set adds a value.
func (r *repeated) Set(value string) error {
	*r = append(*r, value)
	return nil
}

// String returns the default that help shows: none.
func (r *repeated) String() string { return "" }

// repeatedFlag declares a flag that may be given again.
func repeatedFlag(name, usage string) cli.Flag {
	return &cli.GenericFlag{Name: name, Usage: usage + " (may be repeated)", Value: new(repeated)}
}

// repeatedValues returns the values of such a flag, in order.
func repeatedValues(c *cli.Context, name string) []string { return *c.Generic(name).(*repeated) }

// flagsFirst moves the arguments that are no flags behind the flags: the parser stops at the first of them, but people
// paste the token first. Nothing is moved across "--".
func flagsFirst(flags []cli.Flag, args []string) []string {
	var first, rest []string
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if arg == "--" {
			return slices.Concat(first, []string{arg}, rest, args[i+1:])
		}
		if len(arg) < 2 || arg[0] != '-' {
			rest = append(rest, arg)
			continue
		}
		first = append(first, arg)
		if i+1 < len(args) && wantsValue(flags, arg) {
			i++
			first = append(first, args[i])
		}
	}
	if len(rest) == 0 {
		return first
	}
	return slices.Concat(first, []string{"--"}, rest)
}

// wantsValue reports whether the value of the flag is the next argument.
func wantsValue(flags []cli.Flag, arg string) bool {
	name := strings.TrimLeft(arg, "-")
	if strings.Contains(name, "=") {
		return false
	}
	for _, f := range flags {
		if slices.Contains(f.Names(), name) {
			_, isBool := f.(*cli.BoolFlag)
			return !isBool
		}
	}
	return false
}

// flagNames lists the names of flags.
func flagNames(flags []cli.Flag) []string {
	var names []string
	for _, f := range flags {
		names = append(names, f.Names()...)
	}
	return names
}

// noArguments refuses arguments beside flags. They are not shown: one may be a secret.
func noArguments(c *cli.Context) error {
	if c.Args().Present() {
		return misuse("%s takes flags only; an argument is left over", c.Command.Name)
	}
	return nil
}

// exclusive refuses flags that rule one another out.
func exclusive(c *cli.Context, names ...string) error {
	first := ""
	for _, name := range names {
		switch {
		case !c.IsSet(name):
		case first == "":
			first = name
		default:
			return misuse("--%s and --%s rule one another out", first, name)
		}
	}
	return nil
}
