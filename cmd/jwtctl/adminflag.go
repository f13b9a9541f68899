package main

import (
	"github.com/urfave/cli/v2"

	"apinto-jwt/cmd/jwtctl/internal/admin"
)

// adminVariable is the environment variable that holds the admin address.
const adminVariable = "JWTCTL_ADMIN"

// adminFlag gives the address of the admin API.
func adminFlag() cli.Flag {
	return &cli.StringFlag{Name: "admin", Usage: "`URL` of the gateway's admin API, any node's, as http://127.0.0.1:9400; or " + adminVariable}
}

// admin returns the API that --admin names.
func (t *tool) admin(c *cli.Context) (*admin.API, error) {
	address := c.String("admin")
	if address == "" {
		address = t.getenv(adminVariable)
	}
	a, err := admin.New(address)
	if err != nil {
		return nil, misuse("--admin must be a URL, as http://127.0.0.1:9400")
	}
	return a, nil
}
