# Everything a developer does here, by one word. `make` alone lists the words.
.DEFAULT_GOAL := help
SHELL := /bin/sh
.PHONY: help run dev stop status logs doctor seed refund audit mails reset dead-letters version build test test-all lint format bench vitals screenshots contracts cluster build-dev-images kload-imgs skdev trust check-deploy rehearse node-check

local = exec node dapr/local/dist/main.js

help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Start the marketplace, with all it needs; Ctrl-C stops it
	@$(local) run

dev: build ## Start it, and put what you save to work: services start again, pages reload
	@$(local) dev

stop: build ## Stop it from another terminal, or end what a killed run has left
	@$(local) stop

status: build ## Show every process: port, state, memory
	@$(local) status

logs: build ## Show and follow a log: make logs SERVICE=orders (or orders.daprd, redis, ...)
	@$(local) logs $(SERVICE)

doctor: build ## Say what is found, what is missing and what to do
	@$(local) doctor

seed: build ## Make demo accounts and tickets, and print them
	@$(local) seed

dead-letters: build ## Show events that a consumer gave up: [TOPIC=orders]; put them back: REPLAY=1
	@$(local) dead-letters $(TOPIC) $(if $(filter-out 0,$(REPLAY)),--replay)

refund: build ## Give an order's money back, after asking: make refund ORDER=id; without ORDER, list what waits
	@$(local) refund $(ORDER) $(if $(YES),--yes)

audit: build ## Compare ledger, orders, tickets and Stripe: make audit [ORDER=id] [GRACE=60s]
	@$(local) audit $(ORDER) $(if $(GRACE),--grace=$(GRACE))

mails: build ## List mails that wait or were given up; queue the latter again: AGAIN=id (or all)
	@$(local) mails $(if $(AGAIN),--again=$(AGAIN))

reset: build ## Forget all local data; asks first (YES=1 does not)
	@$(local) reset $(if $(YES),--yes)

version: build ## Give a service its next version: make version SERVICE=orders BUMP=minor (or major, patch, 1.4.0)
	@node k8s/release/dist/main.js version "$(SERVICE)" "$(BUMP)"

build: node_modules/.package-lock.json ## Compile what has changed
	@[ -d services/orders/dist ] || echo "Compiling ..."
	@node_modules/.bin/tsc -b

test: build ## Run the merge gate
	@npm test --silent

test-all: build ## Run everything, long runs too
	@npm run --silent test:all

lint: node_modules/.package-lock.json ## Check style, types' use and import rules
	@npm run --silent lint

format: node_modules/.package-lock.json ## Put style right
	@npm run --silent format

bench: build ## Print the tables of the performance goals
	@npm run --silent bench

vitals: build ## Print what visitors of each page wait for and load: [PORT=3000] [VISITS=3]
	@node_modules/.bin/tsx tests/bench/vitals.ts

screenshots: build ## Take pictures of every page and state: [ONLY=order] [WIDTHS=390,1280] [PORT=3000]
	@node_modules/.bin/tsx tests/screenshots/screenshots.ts

contracts: build ## Generate docs/contracts from the code
	@npm run --silent contracts

cluster: ## Make a Kubernetes cluster on this machine: kind, Dapr, ingress-nginx, cert-manager, secrets
	@sh k8s/kind/create-cluster.sh

build-dev-images: ## Build all images for it, each as ticketing-NAME:VERSION
	@sh k8s/kind/build-images.sh

kload-imgs: ## Bring them into it
	@sh k8s/kind/load-images.sh

skdev: build ## Run everything in it, and put what you save to work: [PROFILE=api] without the web client
	@PROFILE=$(PROFILE) sh k8s/kind/develop.sh

trust: ## Make this machine trust its certificates, for https://ticketing.dev
	@sh k8s/kind/trust-local-ca.sh

check-deploy: build ## Check Dockerfiles, manifests and Dapr components of every environment
	@npm run --silent check-deploy

rehearse: build ## Rehearse releases, rollbacks and failures on a real control plane
	@npm run --silent rehearse

node-check:
	@node -e '' 2>/dev/null || { echo "Node is missing: install Node 20.19 or later from https://nodejs.org, then run make again."; exit 1; }
	@node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' || { echo "Node $$(node -v) is too old: install Node 20.19 or later from https://nodejs.org, then run make again."; exit 1; }

# npm writes this file when it has installed: again when the lock file is newer.
node_modules/.package-lock.json: package-lock.json | node-check
	@echo "Installing packages ..."
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@
