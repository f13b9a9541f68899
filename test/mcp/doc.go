// Package mcp puts the gateway between parts that nobody here wrote: a server and the client of the MCP SDK for Go, and an
// OpenID provider. It is a module of its own, so that they do not enter the gateway's.
package mcp
