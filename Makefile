# apinto-jwt: JWT authentication for the Apinto API gateway.
# Needs Go, make and git; the tests also curl and Redis, "make interop" Node and npm. "make" lists what there is.

.SHELLFLAGS    := -eu -c
.DEFAULT_GOAL := help

# The version without a git tag to name one.
VERSION ?= 0.1.0
DESCRIBED := $(shell git describe --tags --dirty 2>/dev/null || echo $(VERSION))

GO       ?= go
DIR      ?= run
FUZZTIME ?= 30s
SOAK     ?= 30s
BASE     ?= HEAD

# The same flags for all that compiles, so that build, test and lint share one
# build cache: the gateway has a thousand packages.
export CGO_ENABLED := 0
export GOFLAGS     := $(strip $(shell $(GO) env GOFLAGS) -trimpath)

# The host that the gateway is built on: "edited" has its leftovers removed by
# tools/host (docs/host.md), "stock" is as it comes.
export HOST ?= edited
ifeq ($(HOST),edited)
HOSTFLAGS := -modfile=.host/go.mod
EDITS      = $(shell $(GO) run ./tools/host -names)
else ifneq ($(HOST),stock)
$(error HOST is "$(HOST)"; it is "edited" or "stock")
endif

BUILD    := $(GO) build -buildvcs=false
GATEWAY  := $(CURDIR)/bin/apinto
STOCK    := $(CURDIR)/bin/apinto-stock
LINT     := $(GO) tool -modfile=tools/lint/go.mod golangci-lint
LINTER   := $(GO) tool -modfile=tools/lint/go.mod -n golangci-lint
VULN     := $(GO) tool -modfile=tools/vuln/go.mod -n govulncheck

# Test modules with a go.mod of their own, but for the one that needs Node, and all modules inside this one.
NESTED := $(filter-out test/interop,$(patsubst %/go.mod,%,$(wildcard test/*/go.mod)))
INNER  := $(patsubst %/go.mod,%,$(wildcard */go.mod */*/go.mod))

# The tests that need a gateway, and the packages of the main module that need none.
E2E  := $(patsubst %/main_test.go,%,$(wildcard test/e2e/*/main_test.go))
UNIT  = $$($(GO) list ./... | grep -vxE "apinto-jwt/($$(echo $(E2E) | tr ' ' '|'))")

# The groups of end-to-end tests that "make test" runs on the stock host too, beside those on the edited one. 0 and 1 are halves
# that take about the same time; together they are all.
ON_STOCK ?= none
GROUPS_none :=
GROUPS_all  := $(E2E)
GROUPS_0    := $(filter %/driver %/issuing,$(E2E))
GROUPS_1    := $(filter-out $(GROUPS_0),$(E2E))
STOCK_GROUPS = $(if $(filter edited,$(HOST)),$(GROUPS_$(ON_STOCK)))
ifeq ($(filter $(ON_STOCK),none all 0 1),)
$(error ON_STOCK is "$(ON_STOCK)"; it is "none", "all", "0" or "1")
endif

# The packages of the main module whose Go files differ from BASE.
CHANGED = { git diff --name-only --diff-filter=d $(BASE) -- '*.go'; git ls-files --others --exclude-standard -- '*.go'; } | \
	sed -e 's|^|./|' -e 's|/[^/]*$$||' | sort -u | grep -vE "^\./($$(echo $(INNER) | tr ' ' '|'))(/|$$)" || true

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: host ## bin/apinto, the gateway (HOST=stock: on the host as it comes), and bin/jwtctl, the operator's tool
	@echo "building bin/apinto (a first time takes minutes) and bin/jwtctl …"
	@$(BUILD) $(HOSTFLAGS) -ldflags "-s -w -X main.version=$(DESCRIBED) -X main.hostEdits=$(EDITS)" -o bin/apinto ./cmd/apinto
	@$(BUILD) -ldflags "-s -w -X main.version=$(DESCRIBED)" -o bin/jwtctl ./cmd/jwtctl
	@ls -l bin

.PHONY: host
host: # the edited host in .host, unless it is there
	@if [ $(HOST) = edited ]; then $(GO) run ./tools/host -out .host; fi

.PHONY: stock
stock: # bin/apinto-stock, the gateway on the host as it comes, which tests compare ours with
	@$(BUILD) -ldflags "-s -w -X main.version=$(DESCRIBED)" -o bin/apinto-stock ./cmd/apinto

.PHONY: demo
demo: ## the real gateway against the documented example and forged tokens
	@echo "compiling the demo (a first time takes a while) …"
	@$(GO) run ./test/demo -gateway bin/apinto

.PHONY: run
run: build ## the gateway in the foreground, DIR=run keeps its configuration and data
	@$(GO) build -o bin/run ./test/run # not "go run": that fails on Ctrl-C
	@exec bin/run -gateway bin/apinto -dir "$(DIR)"

# What the tests need beside Go. As root they install Redis themselves, where there is apt-get.
.PHONY: needs
needs:
	@missing=; \
	command -v curl >/dev/null || missing="$$missing curl"; \
	command -v redis-server >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; } || missing="$$missing redis-server"; \
	[ -z "$$missing" ] || { echo "make test needs what is not installed here:$$missing. Install it, as with: sudo apt-get install$$missing"; exit 1; }

.PHONY: test
test: needs build stock ## all tests: unit, integration, and end to end with the real gateway (ON_STOCK=all: on both hosts)
	@$(MAKE) --no-print-directory -j 2 unit e2e e2e-stock
	@for module in $(NESTED); do echo "# $$module"; (cd $$module && APINTO_JWT_GATEWAY=$(GATEWAY) $(GO) test -count=1 -timeout 20m ./...); done

# One package at a time each: what gateways are timed by, no other package of the same run disturbs.
GOTEST = $(GO) test $(HOSTFLAGS) -p 1 -count=1 -timeout 20m
TEST   = APINTO_JWT_HOST=$(HOST) APINTO_JWT_GATEWAY=$(GATEWAY) APINTO_JWT_GATEWAY_STOCK=$(STOCK) $(GOTEST)

.PHONY: unit
unit: # the tests that need no gateway
	@$(TEST) $(UNIT)

.PHONY: e2e
e2e: # those that do
	@$(TEST) $(addprefix ./,$(E2E))

# The same tests with the other gateway. They begin when the tests that need no gateway have ended, beside those on the edited host.
.PHONY: e2e-stock
e2e-stock: # the groups of ON_STOCK on the stock host, unless all tests are run on it
	@$(if $(STOCK_GROUPS),APINTO_JWT_HOST=stock APINTO_JWT_GATEWAY=$(STOCK) $(GOTEST) $(addprefix ./,$(STOCK_GROUPS)) || \
		{ echo "that was on the stock host"; exit 1; }; echo "passed on the stock host: $(STOCK_GROUPS)",:)

# Less than a minute with a warm cache, for the inner loop. Linters that need types and the slow tests are left to "make lint" and "make test".
.PHONY: check
check: ## the inner loop: vet, fast linters on what differs from BASE=HEAD, unit tests without the slow ones
	$(GO) vet ./...
	@git rev-parse --quiet --verify '$(BASE)^{commit}' >/dev/null || { echo 'BASE=$(BASE) is no commit'; exit 1; }
	@changed=$$($(CHANGED)); if [ -z "$$changed" ]; then echo "nothing to lint: no Go file differs from $(BASE)"; else \
		echo "golangci-lint" $$changed; $(LINT) run --fast-only --allow-parallel-runners --new-from-rev=$(BASE) $$changed; fi
	$(GO) test -short -vet=off $(UNIT)

.PHONY: attack
attack: build ## the real gateway under hostile load for 60 s, with what it measures
	APINTO_JWT_GATEWAY=$(GATEWAY) APINTO_JWT_ATTACK=60s $(GO) test -count=1 -v -run '^TestUnderAttack$$' ./test/e2e/attack

# What "make interop" needs beside "make build". It fetches its packages itself.
.PHONY: node
node:
	@command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null || { \
		echo "make interop needs what is not installed here: Node 20 or later, with npm"; exit 1; }

.PHONY: interop
interop: node build ## MCP and OAuth clients from npm against the real gateway (needs Node 20 or later, with npm)
	@cd test/interop && npm ci --no-audit --no-fund --loglevel=error
	@cd test/interop && APINTO_JWT_GATEWAY=$(GATEWAY) $(GO) test -count=1 -timeout 15m ./...

.PHONY: race
race: ## all tests but the end-to-end ones, under the race detector (needs a C compiler)
	CGO_ENABLED=1 APINTO_JWT_SOAK=$(SOAK) $(GO) test -race -count=1 -timeout 20m $(UNIT)

.PHONY: lint
lint: ## format, vet, and golangci-lint with the import rules, of all modules
	$(GO) vet ./...
	@echo "$(LINT) (a first time builds it, which takes minutes)"
	@$(LINT) fmt --diff
	@$(LINT) run ./...
	@linter=$$($(LINTER)); for module in $(filter-out tools/%,$(INNER)); do echo "# $$module"; (cd $$module && "$$linter" run ./...); done

.PHONY: fmt
fmt: ## put the source into the format that lint asks for
	@$(LINT) fmt

.PHONY: fuzz
fuzz: ## every fuzz target for FUZZTIME=30s
	@grep -rlE '^func Fuzz' --include='*_test.go' . | sort | while read -r file; do \
		for target in $$(sed -nE 's/^func (Fuzz[A-Za-z0-9_]*)\(.*/\1/p' "$$file"); do \
			echo "# $$target in $$(dirname "$$file")"; \
			(cd "$$(dirname "$$file")" && $(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) .); \
		done; \
	done

.PHONY: bench
bench: ## side-by-side benchmarks
	@if [ -f bench/go.mod ]; then cd bench && $(GO) run .; else $(GO) test -run '^$$' -bench . -benchmem ./...; fi

.PHONY: soak
soak: ## one gateway under load for 10 minutes, with 10,000 applications, a million tokens and rules that change
	@cd bench && $(GO) run . -only soak

.PHONY: vuln
vuln: ## known vulnerabilities in what is linked; without the network it says that it could not look
	@if ! tool=$$($(VULN)); then echo "vuln: govulncheck cannot be had here: nothing was looked at"; exit 0; fi; \
	said=$$(mktemp); trap 'rm -f "$$said"' EXIT; status=0; \
	"$$tool" $(VULNFLAGS) ./... 2>"$$said" || status=$$?; cat "$$said" >&2; \
	if [ $$status = 1 ] && grep -q 'fetching vulnerabilities' "$$said"; then \
		echo "vuln: the database of vulnerabilities cannot be reached: nothing was looked at"; exit 0; \
	fi; exit $$status

.PHONY: clean
clean: ## remove what was built; "make run" directories stay
	rm -rf bin
