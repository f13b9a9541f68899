//go:build !windows

package main

import (
	accesslog "github.com/eolinker/apinto/drivers/plugins/access-log"
	accessrelational "github.com/eolinker/apinto/drivers/plugins/access-relational"
	"github.com/eolinker/apinto/drivers/plugins/acl"
	"github.com/eolinker/apinto/drivers/plugins/aes"
	aiformatter "github.com/eolinker/apinto/drivers/plugins/ai-formatter"
	aiprompt "github.com/eolinker/apinto/drivers/plugins/ai-prompt"
	pluginapp "github.com/eolinker/apinto/drivers/plugins/app"
	autoredirect "github.com/eolinker/apinto/drivers/plugins/auto-redirect"
	bodycheck "github.com/eolinker/apinto/drivers/plugins/body-check"
	circuitbreaker "github.com/eolinker/apinto/drivers/plugins/circuit-breaker"
	"github.com/eolinker/apinto/drivers/plugins/cors"
	"github.com/eolinker/apinto/drivers/plugins/counter"
	customintrospection "github.com/eolinker/apinto/drivers/plugins/custom-oauth2-introspection"
	datatransform "github.com/eolinker/apinto/drivers/plugins/data-transform"
	dubbo2rewrite "github.com/eolinker/apinto/drivers/plugins/dubbo2-proxy-rewrite"
	dubbo2tohttp "github.com/eolinker/apinto/drivers/plugins/dubbo2-to-http"
	extraparams "github.com/eolinker/apinto/drivers/plugins/extra-params"
	extraparams2 "github.com/eolinker/apinto/drivers/plugins/extra-params_v2"
	grpctohttp "github.com/eolinker/apinto/drivers/plugins/gRPC-to-http"
	grpcrewrite "github.com/eolinker/apinto/drivers/plugins/grpc-proxy-rewrite"
	"github.com/eolinker/apinto/drivers/plugins/gzip"
	httptodubbo2 "github.com/eolinker/apinto/drivers/plugins/http-to-dubbo2"
	httptogrpc "github.com/eolinker/apinto/drivers/plugins/http-to-gRPC"
	httpmocking "github.com/eolinker/apinto/drivers/plugins/http_mocking"
	iprestriction "github.com/eolinker/apinto/drivers/plugins/ip-restriction"
	jsinject "github.com/eolinker/apinto/drivers/plugins/js-inject"
	"github.com/eolinker/apinto/drivers/plugins/monitor"
	"github.com/eolinker/apinto/drivers/plugins/oauth2"
	introspection "github.com/eolinker/apinto/drivers/plugins/oauth2-introspection"
	paramscheck "github.com/eolinker/apinto/drivers/plugins/params-check"
	paramscheck2 "github.com/eolinker/apinto/drivers/plugins/params-check-v2"
	paramstransformer "github.com/eolinker/apinto/drivers/plugins/params-transformer"
	pluginprometheus "github.com/eolinker/apinto/drivers/plugins/prometheus"
	proxymirror "github.com/eolinker/apinto/drivers/plugins/proxy-mirror"
	proxyrewrite "github.com/eolinker/apinto/drivers/plugins/proxy-rewrite"
	proxyrewrite2 "github.com/eolinker/apinto/drivers/plugins/proxy_rewrite_v2"
	ratelimiting "github.com/eolinker/apinto/drivers/plugins/rate-limiting"
	replaydefender "github.com/eolinker/apinto/drivers/plugins/replay-attack-defender"
	requestfile "github.com/eolinker/apinto/drivers/plugins/request-file-parse"
	interception "github.com/eolinker/apinto/drivers/plugins/request-interception"
	responsefile "github.com/eolinker/apinto/drivers/plugins/response-file-parse"
	responsefilter "github.com/eolinker/apinto/drivers/plugins/response-filter"
	responserewrite "github.com/eolinker/apinto/drivers/plugins/response-rewrite"
	responserewrite2 "github.com/eolinker/apinto/drivers/plugins/response-rewrite_v2"
	rsafilter "github.com/eolinker/apinto/drivers/plugins/rsa-filter"
	scripthandler "github.com/eolinker/apinto/drivers/plugins/script-handler"
	datamask "github.com/eolinker/apinto/drivers/plugins/strategy/data-mask"
	"github.com/eolinker/apinto/drivers/plugins/strategy/fuse"
	"github.com/eolinker/apinto/drivers/plugins/strategy/grey"
	"github.com/eolinker/apinto/drivers/plugins/strategy/limiting"
	"github.com/eolinker/apinto/drivers/plugins/strategy/visit"

	"apinto-jwt/drivers/plugins/sharedcache"
)

// stockPlugins is every plugin that Apinto v0.22.19 links. Their order of
// running is the admin's (/setting/plugin), not the order here.
var stockPlugins = []drivers{
	strategyPlugins, protocolPlugins, requestPlugins, responsePlugins,
	securityPlugins, authPlugins, observabilityPlugins, aiPlugins,
}

var strategyPlugins = drivers{
	limiting.Register, sharedcache.Register, grey.Register, visit.Register, fuse.Register, datamask.Register,
}

var protocolPlugins = drivers{
	dubbo2rewrite.Register, httptodubbo2.Register, dubbo2tohttp.Register,
	httptogrpc.Register, grpctohttp.Register, grpcrewrite.Register,
}

var requestPlugins = drivers{
	bodycheck.Register, extraparams.Register, extraparams2.Register, paramstransformer.Register,
	proxyrewrite.Register, proxyrewrite2.Register, httpmocking.Register,
	paramscheck.Register, paramscheck2.Register, datatransform.Register,
	interception.Register, requestfile.Register, scripthandler.Register,
}

var responsePlugins = drivers{
	responserewrite.Register, responserewrite2.Register, responsefilter.Register,
	gzip.Register, responsefile.Register, autoredirect.Register,
}

var securityPlugins = drivers{
	iprestriction.Register, ratelimiting.Register, cors.Register, circuitbreaker.Register,
	rsafilter.Register, aes.Register, jsinject.Register, replaydefender.Register,
}

var authPlugins = drivers{
	pluginapp.Register, acl.Register, accessrelational.Register,
	oauth2.Register, introspection.Register, customintrospection.Register,
}

var observabilityPlugins = drivers{
	accesslog.Register, pluginprometheus.Register, monitor.Register, proxymirror.Register, counter.Register,
}

var aiPlugins = drivers{aiprompt.Register, aiformatter.Register}
