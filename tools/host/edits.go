package main

// The host's modules and the versions that the edits are for.
const (
	apinto        = "github.com/eolinker/apinto"
	apintoVersion = "v0.22.19"
	eosc          = "github.com/eolinker/eosc"
	eoscVersion   = "v0.21.4"
	// The clients of Polaris and dubbo start something in every process of the host.
	polaris        = "github.com/polarismesh/polaris-go"
	polarisVersion = "v1.1.0"
	gost           = "github.com/dubbogo/gost"
	gostVersion    = "v1.13.1"
)

// edits are all edits, in the order in which "apinto version" names them.
var edits = []edit{
	{
		name: "no-memory-statistics", module: apinto, version: apintoVersion,
		file:   "node/http-context/context.go",
		sum:    "2ca1e64f3b6b679346fad9308cfbc0c8feb5588d3e21141ab2cce99d90d8b15a",
		what:   "takes the two calls of runtime.ReadMemStats out of each request",
		why:    "each stops all goroutines of the process, for a line of the debug log",
		brings: "a request costs a third of the processor time (docs/host.md)",
		change: noMemoryStatistics,
	},
	{
		name: "application-list", module: apinto, version: apintoVersion,
		file:   "drivers/app/manager/app.go",
		sum:    "8192a39cb9cbc971ccb5812f60ffe9bcbb0cd7daed1ad0cf907d80f5e4c2442c",
		what:   "keeps the list of all applications' authenticators until an application changes",
		why:    "plugin app makes it anew for each request, from a map of all applications",
		brings: "a list of all applications less for each request (docs/host.md)",
		change: applicationList,
	},
	{
		name: "authenticator-list", module: apinto, version: apintoVersion,
		file:   "drivers/app/manager/manager.go",
		sum:    "03e54ea58d2b35c81550341ff29b8c9dd44e78581e980682334f32c02b5a7cea",
		what:   "keeps the list of all authenticators until an application changes",
		why:    "plugin app makes it anew for each request, under four locks",
		brings: "with header-value: see docs/host.md",
		change: authenticatorList,
	},
	{
		name: "header-value", module: apinto, version: apintoVersion,
		file:   "node/http-context/header.go",
		sum:    "ab730e8136d3d1ba205e383e9eba326013d6795ad4e89daf250bfe8b1a6d4a74",
		what:   "reads one field of a request without copying all of them",
		why:    "plugin app asks for Authorization-Type in each request: all fields were copied into a map for it",
		brings: "with authenticator-list: see docs/host.md",
		change: headerValue,
	},
	{
		name: "idle-clock", module: polaris, version: polarisVersion,
		file:   "pkg/clock/clock.go",
		sum:    "5d0ebbe2a3d515e2b0d2c8fb2ac5ab8825a746ef903aaab406adc1669c11e580",
		what:   "has the clock of the Polaris client ask the system's",
		why:    "a goroutine in each of the three processes wakes up every 10 ms to copy it, whether Polaris is used or not",
		brings: "with idle-timer-wheel: see docs/host.md",
		change: idleClock,
	},
	{
		name: "idle-timer-wheel", module: gost, version: gostVersion,
		file:   "time/timer.go",
		sum:    "ccc4dc6c0db8717852d579f00e19d2b6477ca5b56eee592fda1fafb192f21965",
		what:   "has the timer wheel of dubbo's library stand until it has a timer",
		why:    "it turns every 10 ms in each of the three processes, whether dubbo is used or not",
		brings: "with idle-clock: see docs/host.md",
		change: idleTimerWheel,
	},
	{
		name: "access-log-destroy", module: apinto, version: apintoVersion,
		file:   "drivers/plugins/access-log/log.go",
		sum:    "de42a98cb7951b77155eec7621841fe6d038db00bbbabd7eeb1a1a9cfd2d8058",
		what:   "leaves a destroyed access log its outputs",
		why:    "requests under way still write to it: saving the list of plugins under load ended the worker",
		brings: "closes a fault",
		change: accessLogDestroy,
	},
	{
		name: "streamed-body", module: apinto, version: apintoVersion,
		file:   "node/http-context/context.go",
		sum:    "2ca1e64f3b6b679346fad9308cfbc0c8feb5588d3e21141ab2cce99d90d8b15a",
		what:   "has who writes a streamed answer leave the response as it is",
		why:    "it could set the body before the response has its stream, which ended the stream: the answer came without its body",
		brings: "closes a fault",
		change: streamedBody,
	},
	{
		name: "one-release", module: apinto, version: apintoVersion,
		file:   "node/http-context/context.go",
		sum:    "2ca1e64f3b6b679346fad9308cfbc0c8feb5588d3e21141ab2cce99d90d8b15a",
		what:   "has the last of a request's two goroutines release its context",
		why:    "who handles the request, and who writes a streamed answer, could each find that the other has ended, and both release it",
		brings: "closes a fault",
		change: oneRelease,
	},
	{
		name: "stream-memory", module: apinto, version: apintoVersion,
		file:   "node/http-context/context.go",
		sum:    "2ca1e64f3b6b679346fad9308cfbc0c8feb5588d3e21141ab2cce99d90d8b15a",
		what:   "keeps the last 2 to 4 MiB of a streamed answer, for plugins that look at it when it ends",
		why:    "all of it was kept as long as the stream lasts",
		brings: "closes a fault",
		change: streamMemory,
	},
	{
		name: "field-names", module: apinto, version: apintoVersion,
		file:   "drivers/router/http-router/manager/manager.go",
		sum:    "259b1388dc3210673e28a4f7a42a388cead79f484ba46603f6d19e7f8c8fc702",
		what:   "answers 400 to a request with a header field whose name is no token (RFC 9110 section 5.6.2)",
		why:    "the parser takes \"Transfer-Encoding : chunked\" for a field with a blank in its name (RFC 9112 section 5.1)",
		brings: "closes a fault",
		change: fieldNames,
	},
	{
		name: "both-lengths", module: apinto, version: apintoVersion,
		file:   "drivers/router/http-router/manager/manager.go",
		sum:    "259b1388dc3210673e28a4f7a42a388cead79f484ba46603f6d19e7f8c8fc702",
		what:   "ends the connection behind a request with Content-Length and Transfer-Encoding (RFC 9112 section 6.1)",
		why:    "a proxy before the gateway that counted by the length takes for a body what the gateway takes for the next request",
		brings: "closes a fault",
		change: bothLengths,
	},
	{
		name: "unquoted-heads", module: apinto, version: apintoVersion,
		file:   "drivers/router/http-router/manager/init.go",
		sum:    "b1c01ad5e86574871377e4b663b38db50feddd7239c866e33181ab7ee63fbf39",
		what:   "has the error of a request that cannot be read not quote it",
		why:    "the error log has it at every level, with its token",
		brings: "closes a fault",
		change: func(s *source) error { return unquoted(s, "init", "fasthttp.Server") },
	},
	{
		name: "unquoted-errors", module: apinto, version: apintoVersion,
		file:   "node/fasthttp-client/client.go",
		sum:    "433a1c310e49ee0307bf557e1a2885b8b74300a916c634b3ed9d40f4b9f5924a",
		what:   "has the error of a request that cannot be forwarded not quote what was read",
		why:    "the 504 for a forbidden trailer, and the error log, have what follows on the connection: the next request with its token",
		brings: "closes a fault",
		change: func(s *source) error { return unquoted(s, "Client.getHostClient", "fasthttp.HostClient") },
	},
	{
		name: "configuration-loaded", module: eosc, version: eoscVersion,
		file:   "process-worker/workers/workers.go",
		sum:    "137847ff643c287b2db191ddebbfbafda08a6776eec80019488b5727bd25a1d7",
		what:   "says when a worker has loaded all that is stored",
		why:    "the next two edits ask for it",
		brings: "see the next two edits",
		change: configurationLoaded,
	},
	{
		name: "listen-when-loaded", module: apinto, version: apintoVersion,
		file:   "drivers/router/listener.go",
		sum:    "daf769a2f2ef654a5992158c0fbb4bb405ef718cbf5b5b9322af68b74f3b7b61",
		what:   "has a starting worker take connections when it has loaded all that is stored, or after 10 s",
		why:    "it took them before it had applications, routes and certificates, and refused requests that it serves a moment later",
		brings: "closes a fault",
		change: listenWhenLoaded,
	},
	{
		name: "not-started", module: apinto, version: apintoVersion,
		file:   "drivers/router/http-router/manager/manager.go",
		sum:    "259b1388dc3210673e28a4f7a42a388cead79f484ba46603f6d19e7f8c8fc702",
		what:   "answers 503 until the worker has loaded all that is stored",
		why:    "a starting worker answers 200 with an empty body, which a health check takes for good, and 404 and 401 after that",
		brings: "closes a fault",
		change: notStarted,
	},
	{
		name: "stream-timeout", module: apinto, version: apintoVersion,
		file:   "node/fasthttp-client/client.go",
		sum:    "433a1c310e49ee0307bf557e1a2885b8b74300a916c634b3ed9d40f4b9f5924a",
		what:   "ends a stream of events when nothing has come for the service's timeout, not when it has lasted so long",
		why:    "a stream of events (text/event-stream) was cut off at the service's timeout, and looked complete",
		brings: "closes a fault",
		change: streamTimeout,
	},
	{
		name: "transaction-unlock", module: eosc, version: eoscVersion,
		file:   "process-admin/admin/admin-data.go",
		sum:    "6d2c4a3899dd05c16777da4203c5bd8ecaeae54c148303a702d40f9e1a60909b",
		what:   "ends the transaction of the admin API when what it calls panics",
		why:    "its lock stayed taken: the admin API answered no write until the gateway was started again",
		brings: "closes a fault",
		change: transactionUnlock,
	},
}
