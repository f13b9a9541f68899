//go:build !windows

// Command apinto is the Apinto API gateway, complete, with this project's JWT
// authentication linked in.
//
// It takes the place of the stock binary: the command line, the environment,
// the configuration files and the stored configuration are the same.
package main

import (
	"fmt"
	"os"

	"github.com/eolinker/eosc"
	"github.com/eolinker/eosc/env"
	"github.com/eolinker/eosc/eoscli"
	"github.com/eolinker/eosc/log"
	"github.com/eolinker/eosc/process"
)

func main() {
	os.Exit(run(os.Args))
}

// run does what the process was started for and returns its exit status. The
// master starts this same binary again for its worker and admin processes;
// those never get as far as the command line.
func run(args []string) int {
	tuneCollector()
	registerProcesses()
	logToStdout()
	defer log.Close()

	if process.Run() {
		return 0
	}
	if env.IsDebug() {
		if !process.RunDebug(eosc.ProcessMaster) {
			return 1
		}
		return 0
	}
	return runCLI(args)
}

// runCLI serves start, stop, restart, info, join, leave, remove, debug and
// version. Stock Apinto logs a failed command and exits with 0; a script that
// starts a gateway has to see that it did not start.
func runCLI(args []string) int {
	app := eoscli.NewApp()
	app.Default()
	app.AppendCommand(versionCommand())
	if err := app.Run(args); err != nil {
		fmt.Fprintln(os.Stderr, "apinto:", err)
		return 1
	}
	return 0
}

// logToStdout returns the logger of the command line itself; every process that it
// starts replaces it with its own.
func logToStdout() {
	level, err := log.ParseLevel(env.ErrorLevel())
	if err != nil {
		level = log.InfoLevel
	}
	transport := log.NewTransport(os.Stdout, level)
	transport.SetFormatter(&log.LineFormatter{TimestampFormat: "2006-01-02 15:04:05"})
	log.Reset(transport)
}
