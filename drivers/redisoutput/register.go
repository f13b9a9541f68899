// Package redisoutput gives the host's output "redis" its connection back. The host connects once, when it makes the
// output, and gives up for good if Redis does not answer then. This output goes on trying. It takes over nothing else:
// the host's own worker does the work as soon as it has a connection.
package redisoutput

import (
	"github.com/eolinker/eosc"
	"github.com/eolinker/eosc/env"
)

// driverName is the name by which the host registers its driver of Redis outputs.
const driverName = "redis"

// Resuming returns the register function of the host's drivers, with the driver "redis" wrapped. Call it in every process of
// the gateway that knows drivers.
func Resuming(register func(eosc.IExtenderDriverRegister)) func(eosc.IExtenderDriverRegister) {
	return func(host eosc.IExtenderDriverRegister) { register(registrar{host}) }
}

// registrar registers drivers with the host, and wraps the one of Redis outputs.
type registrar struct{ eosc.IExtenderDriverRegister }

// RegisterExtenderDriver implements eosc.IExtenderDriverRegister.
func (r registrar) RegisterExtenderDriver(name string, f eosc.IExtenderDriverFactory) error {
	if name == driverName {
		f = factory{f}
	}
	return r.IExtenderDriverRegister.RegisterExtenderDriver(name, f)
}

// factory is the host's with its drivers wrapped.
type factory struct{ eosc.IExtenderDriverFactory }

// Create implements eosc.IExtenderDriverFactory.
func (f factory) Create(profession, name, label, desc string, params map[string]any) (eosc.IExtenderDriver, error) {
	d, err := f.IExtenderDriverFactory.Create(profession, name, label, desc, params)
	if err != nil {
		return nil, err
	}
	return driver{d}, nil
}

// driver is the host's. In a process that serves requests, its outputs wait for Redis; in one that saves configurations, one whose
// Redis does not answer is refused as ever.
type driver struct{ eosc.IExtenderDriver }

// Create implements eosc.IExtenderDriver.
func (d driver) Create(id, name string, config any, workers map[eosc.RequireId]eosc.IWorker) (eosc.IWorker, error) {
	if env.Process() != eosc.ProcessWorker {
		return d.IExtenderDriver.Create(id, name, config, workers)
	}
	return newOutput(id, name, config, func(config any) (eosc.IWorker, error) {
		return d.IExtenderDriver.Create(id, name, config, nil)
	}), nil
}
