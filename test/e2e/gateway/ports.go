package gateway

import (
	"errors"
	"fmt"
	"net"
)

// Ports are the loopback ports of one gateway.
type Ports struct {
	Gateway int // the APIs
	Admin   int // the admin API
	Peer    int // the embedded etcd, and the address that other nodes join
	Secure  int // the APIs over TLS and without; 0: no such port, and FreePorts finds none
}

// FreePorts finds three ports that nothing listens on. They are free when it
// returns; a gateway that finds one taken says so when it starts.
func FreePorts() (Ports, error) {
	var ports Ports
	var held []net.Listener
	defer func() {
		for _, listener := range held {
			_ = listener.Close()
		}
	}()
	for _, port := range []*int{&ports.Gateway, &ports.Admin, &ports.Peer} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return Ports{}, fmt.Errorf("free port: %w", err)
		}
		held = append(held, listener) // held until all are found, or the same one comes again
		address, ok := listener.Addr().(*net.TCPAddr)
		if !ok {
			return Ports{}, errors.New("free port: not a TCP address")
		}
		*port = address.Port
	}
	return ports, nil
}

func loopback(port int) string { return fmt.Sprintf("http://127.0.0.1:%d", port) }
