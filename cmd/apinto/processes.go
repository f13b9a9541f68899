//go:build !windows

package main

import (
	"github.com/eolinker/eosc"
	"github.com/eolinker/eosc/extends"
	"github.com/eolinker/eosc/log"
	"github.com/eolinker/eosc/process"
	processadmin "github.com/eolinker/eosc/process-admin"
	processhelper "github.com/eolinker/eosc/process-helper"
	processmaster "github.com/eolinker/eosc/process-master"
	processworker "github.com/eolinker/eosc/process-worker"

	"apinto-jwt/drivers/redisoutput"
)

// registerProcesses names the entry point of each process that a gateway is
// made of. The names are eosc's and all differ, so a conflict is a mistake in
// this file.
func registerProcesses() {
	for name, entry := range map[string]func(){
		eosc.ProcessMaster: master,
		eosc.ProcessWorker: withDrivers(processworker.Process),
		eosc.ProcessAdmin:  withDrivers(processadmin.Process),
		eosc.ProcessHelper: withDrivers(processhelper.Process),
	} {
		if err := process.Register(name, entry); err != nil {
			log.Fatal("register process: ", err)
		}
	}
}

// master holds the listeners and the embedded etcd. It runs no driver; it
// only writes the list of professions into a data directory that has none.
func master() {
	processmaster.ProcessDo(&processmaster.MasterHandler{InitProfession: professions})
}

// withDrivers links all drivers into a process before it starts. Worker, admin
// and helper must agree on them: what the admin process accepts, a worker has
// to be able to run.
func withDrivers(entry func()) func() {
	return func() {
		extends.AddInnerExtendProject(stockGroup, stockProject, redisoutput.Resuming(registerAll(stockDrivers...)), registerAll(stockPlugins...))
		extends.AddInnerExtendProject(ownGroup, ownProject, registerAll(ownDrivers...))
		entry()
	}
}
