//go:build !windows

package main

import (
	"github.com/eolinker/apinto/application/auth"
	aikey "github.com/eolinker/apinto/drivers/ai-key"
	aimodel "github.com/eolinker/apinto/drivers/ai-model"
	aiprovider "github.com/eolinker/apinto/drivers/ai-provider"
	"github.com/eolinker/apinto/drivers/certs"
	"github.com/eolinker/apinto/drivers/discovery/consul"
	"github.com/eolinker/apinto/drivers/discovery/eureka"
	"github.com/eolinker/apinto/drivers/discovery/nacos"
	"github.com/eolinker/apinto/drivers/discovery/polaris"
	"github.com/eolinker/apinto/drivers/discovery/static"
	gmcerts "github.com/eolinker/apinto/drivers/gm-certs"
	"github.com/eolinker/apinto/drivers/output/fileoutput"
	"github.com/eolinker/apinto/drivers/output/httpoutput"
	"github.com/eolinker/apinto/drivers/output/kafka"
	"github.com/eolinker/apinto/drivers/output/loki"
	"github.com/eolinker/apinto/drivers/output/nsq"
	"github.com/eolinker/apinto/drivers/output/prometheus"
	"github.com/eolinker/apinto/drivers/output/syslog"
	pluginmanager "github.com/eolinker/apinto/drivers/plugin-manager"
	authinterceptor "github.com/eolinker/apinto/drivers/plugins/auth-interceptor"
	"github.com/eolinker/apinto/drivers/resources/datasource/influxdbv2"
	"github.com/eolinker/apinto/drivers/resources/redis"
	dubbo2router "github.com/eolinker/apinto/drivers/router/dubbo2-router"
	grpcrouter "github.com/eolinker/apinto/drivers/router/grpc-router"
	httprouter "github.com/eolinker/apinto/drivers/router/http-router"
	"github.com/eolinker/apinto/drivers/service"
	cachestrategy "github.com/eolinker/apinto/drivers/strategy/cache-strategy"
	datamaskstrategy "github.com/eolinker/apinto/drivers/strategy/data-mask-strategy"
	fusestrategy "github.com/eolinker/apinto/drivers/strategy/fuse-strategy"
	greystrategy "github.com/eolinker/apinto/drivers/strategy/grey-strategy"
	limitingstrategy "github.com/eolinker/apinto/drivers/strategy/limiting-strategy"
	visitstrategy "github.com/eolinker/apinto/drivers/strategy/visit-strategy"
	"github.com/eolinker/apinto/drivers/template"
	protobuf "github.com/eolinker/apinto/drivers/transcode/protobuf"
	"github.com/eolinker/eosc"
	"github.com/eolinker/eosc/extends"

	"apinto-jwt/drivers/auth/jwt"
	jwtfilter "apinto-jwt/drivers/plugins/jwt"
	"apinto-jwt/drivers/plugins/jwttoken"
)

// The host names a driver group:project:name. The stock names must stay as
// they are, or a stored configuration no longer finds its drivers.
const (
	stockGroup   = "eolinker.com"
	stockProject = "apinto"
	ownGroup     = "apinto-jwt"
	ownProject   = "jwt"
)

// drivers are the register functions of one kind of driver.
type drivers []extends.RegisterFunc

// stockDrivers is everything but the plugins that Apinto v0.22.19 links.
var stockDrivers = []drivers{
	{httprouter.Register, grpcrouter.Register, dubbo2router.Register},
	{service.Register, template.Register, protobuf.Register},
	{static.Register, nacos.Register, consul.Register, eureka.Register, polaris.Register},
	{jwt.RegisterApp, auth.Register, authinterceptor.Register},
	{pluginmanager.Register},
	{fileoutput.Register, httpoutput.Register, syslog.Register, nsq.Register, kafka.Register, loki.Register, prometheus.Register},
	{redis.Register, influxdbv2.Register},
	{
		limitingstrategy.Register, cachestrategy.Register, greystrategy.Register,
		visitstrategy.Register, fusestrategy.Register, datamaskstrategy.Register,
	},
	{certs.Register, gmcerts.Register},
	{aiprovider.Register, aikey.Register, aimodel.Register},
}

// ownDrivers are the drivers that this project adds. The authentication driver has no id of
// its own: it takes over the type "jwt" of the stock driver "app". Plugins
// added here are named apinto-jwt:jwt:<name>.
var ownDrivers = []drivers{
	{jwt.Register},
	{jwtfilter.Register},
	{jwttoken.Register},
}

// registerAll joins kinds of drivers into one register function.
func registerAll(kinds ...drivers) extends.RegisterFunc {
	return func(host eosc.IExtenderDriverRegister) {
		for _, kind := range kinds {
			for _, register := range kind {
				register(host)
			}
		}
	}
}
