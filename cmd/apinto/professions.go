//go:build !windows

package main

import "github.com/eolinker/eosc"

// profession is one kind of worker that the admin API offers as /api/<name>.
type profession struct {
	name, label string
	needs       []string // professions whose workers this one refers to
	shows       []string // fields that lists of workers show
	drivers     []driver
}

// driver is one way to be a worker of its profession. An empty label is the
// name, an empty desc the label; most of the host's are.
type driver struct{ id, name, label, desc string }

// professions returns the list that the master writes into a data directory without one.
// Names, ids and labels are those of Apinto v0.22.19: either binary opens the
// other's data directory. The host starts the workers of a profession after
// those of the professions that it needs. Its router does not need
// applications there, so that a starting gateway may serve a route while the
// applications are missing, and refuse everybody: ours needs all that a
// request meets.
func professions() []*eosc.ProfessionConfig {
	list := make([]*eosc.ProfessionConfig, 0, len(stockProfessions))
	for _, p := range stockProfessions {
		list = append(list, p.config())
	}
	return list
}

func (p profession) config() *eosc.ProfessionConfig {
	config := &eosc.ProfessionConfig{
		Name:         p.name,
		Label:        p.label,
		Desc:         p.label,
		Dependencies: p.needs,
		AppendLabels: p.shows,
		Mod:          eosc.ProfessionConfig_Worker,
	}
	for _, d := range p.drivers {
		config.Drivers = append(config.Drivers, d.config())
	}
	return config
}

func (d driver) config() *eosc.DriverConfig {
	if d.label == "" {
		d.label = d.name
	}
	if d.desc == "" {
		d.desc = d.label
	}
	return &eosc.DriverConfig{Id: stockGroup + ":" + stockProject + ":" + d.id, Name: d.name, Label: d.label, Desc: d.desc}
}

// neededByRequests lists the professions that the host's router does not wait for, and ours does.
var neededByRequests = []string{"app", "strategy", "output", "certificate"}

var stockProfessions = []profession{
	{
		name: "router", label: "路由",
		needs: append([]string{"service", "template", "transcode"}, neededByRequests...), shows: []string{"host", "service", "listen", "disable"},
		drivers: []driver{
			{id: "http_router", name: "http", desc: "http路由"},
			{id: "grpc_router", name: "grpc", desc: "grpc路由"},
			{id: "dubbo2_router", name: "dubbo2", desc: "dubbo2路由"},
		},
	},
	{
		name: "service", label: "服务", needs: []string{"discovery"}, shows: []string{"discovery"},
		drivers: []driver{{id: "service_http", name: "http", label: "service", desc: "服务"}},
	},
	{
		name: "template", label: "模版",
		drivers: []driver{{id: "plugin_template", name: "plugin_template", label: "插件模版"}},
	},
	{
		name: "discovery", label: "注册中心",
		drivers: []driver{
			{id: "discovery_static", name: "static", label: "静态服务发现"},
			{id: "discovery_nacos", name: "nacos", label: "nacos服务发现"},
			{id: "discovery_consul", name: "consul", label: "consul服务发现"},
			{id: "discovery_eureka", name: "eureka", label: "eureka服务发现"},
			{id: "discovery_polaris", name: "polaris", label: "北极星服务发现"},
		},
	},
	{
		name: "app", label: "应用", shows: []string{"disable"},
		drivers: []driver{{id: "app", name: "app", label: "应用"}},
	},
	{
		name: "strategy", label: "策略",
		drivers: []driver{
			{id: "strategy-limiting", name: "limiting", label: "限流策略"},
			{id: "strategy-cache", name: "cache", label: "缓存策略"},
			{id: "strategy-grey", name: "grey", label: "灰度策略"},
			{id: "strategy-visit", name: "visit", label: "访问策略"},
			{id: "strategy-fuse", name: "fuse", label: "熔断策略"},
			{id: "strategy-data_mask", name: "data_mask", label: "数据脱敏策略"},
		},
	},
	{
		name: "output", label: "输出",
		drivers: []driver{
			{id: "file_output", name: "file", label: "文件输出"},
			{id: "nsqd", name: "nsqd", label: "NSQ输出"},
			{id: "http_output", name: "http_output", label: "http输出"},
			{id: "syslog_output", name: "syslog_output", label: "syslog输出"},
			{id: "kafka_output", name: "kafka_output", label: "kafka输出"},
			{id: "redis", name: "redis", label: "redis 集群"},
			{id: "influxdbv2", name: "influxdbv2", label: "influxdbv2输出"},
			{id: "prometheus_output", name: "prometheus", label: "prometheus输出"},
			{id: "loki_output", name: "loki", label: "loki输出"},
		},
	},
	{
		name: "certificate", label: "证书",
		drivers: []driver{
			{id: "ssl-server", name: "server", label: "证书"},
			{id: "gm-ssl-server", name: "gm-server", label: "国密证书"},
		},
	},
	{
		name: "transcode", label: "编码器",
		drivers: []driver{{id: "protobuf_transcode", name: "protobuf", label: "protobuf编码器"}},
	},
	{
		name: "ai-resource", label: "AI资源",
		drivers: []driver{
			{id: "ai-key", name: "ai-key"},
			{id: "ai-provider", name: "ai-provider"},
			{id: "ai-model", name: "ai-model"},
		},
	},
}
