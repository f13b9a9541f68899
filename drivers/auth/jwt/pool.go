package jwt

import (
	"github.com/eolinker/eosc"
	"github.com/eolinker/eosc/env"
	"github.com/eolinker/eosc/log"

	"apinto-jwt/keys/remote"
)

// newPool makes what fetches key sets and keeps the last good ones in the folder; "" keeps none. It tells of a panic in
// work that goes on by itself, later.
func newPool(dir string, panicked func(place string)) *remote.Pool {
	return remote.NewPool(remote.Options{Dir: dir, Log: logLine, Panicked: panicked})
}

// logLine writes a line of the pool into the host's log.
func logLine(level remote.Level, message string) {
	switch level {
	case remote.Error:
		log.Error("[jwt] ", message)
	case remote.Warn:
		log.Warn("[jwt] ", message)
	default:
		log.Info("[jwt] ", message)
	}
}

// serves reports whether this process serves requests. The host's admin process binds applications too, to check
// them, and has no use for keys.
func serves() bool {
	process := env.Process()
	return process != eosc.ProcessAdmin && process != eosc.ProcessHelper && process != eosc.ProcessMaster
}
