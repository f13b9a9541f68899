// Package gateway runs the real gateway binary in a directory of its own: it
// writes the configuration files, starts the processes, talks to the admin API
// and leaves nothing behind. The end-to-end tests, the demo and "make run"
// share it.
//
// Every address is on loopback, storage is the gateway's embedded one, and
// every path the gateway uses lies inside its directory, so several gateways
// live side by side on one machine.
package gateway
