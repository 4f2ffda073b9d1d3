# The tasks of this repository: `make help` lists them. Each sets up what it needs, once.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv/bin
export PYTHONPATH := layers/core/python:functions/api:media_edge/src:.
SETUP := $(PYTHON) -m local.setup
# The AWS engine of this machine: ministack or localstack
ENGINE ?= ministack
export ENGINE
# Extra arguments for pytest: make unit ARGS="-k seal"
ARGS ?=

.PHONY: help setup up down check format lint unit integration e2e bench call generate logs soak fuzz voice simulate replay

help: ## List the tasks
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "%-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Everything the tasks below need: tools, environments, browser
	@$(SETUP) check

up: ## The whole of Hearthline on this machine; Ctrl-C ends it (DETACH=1 returns when all is ready)
	@began=$$(date +%s); $(SETUP) up && BEGAN=$$began exec $(VENV)/python -m local.up

down: ## End what make up started
	@$(SETUP) python && $(VENV)/python -m local.down

logs: ## Follow functions, edges, carrier and front door in one stream
	@exec $(VENV)/python -m local.logs

call: ## Place one simulated call and tell its story (WAV=..., SAYS=..., KEYS=..., TALK=seconds)
	@$(SETUP) python && $(VENV)/python -m local.callers.call

voice: ## A voice for the simulated carrier (a model of 92 MB); make up uses it when it is there
	@$(SETUP) voice && $(VENV)/python -m local.voice.fixed

check: ## All that CI runs
	@$(SETUP) check && $(VENV)/python -m local.check

format: ## Rewrite what a machine can rewrite
	@$(SETUP) python && $(VENV)/ruff check -q --fix . && $(VENV)/ruff format .

lint: ## Format, ruff, mypy, import contracts, templates
	@$(SETUP) python templates && $(VENV)/python -m local.check lint

unit: ## Seconds; no AWS, no network
	@$(SETUP) python && $(VENV)/pytest tests/unit tests/architecture $(ARGS)

integration: ## Whole functions against the local AWS engine
	@$(SETUP) engine && $(VENV)/pytest tests/integration $(ARGS)

e2e: ## A call in a real browser
	@$(SETUP) check && $(VENV)/pytest tests/e2e $(ARGS)

generate: ## Write what is generated from the code: routes, OpenAPI, typed client
	@$(SETUP) python web && $(VENV)/python -m local.generate

simulate: ## Histories in which everything fails (SEED=n SEEDS=k; STORY=1 tells the first, ABOUT=name a part of it)
	@$(SETUP) python && $(VENV)/python -m tests.simulation --seed $(or $(SEED),1) --seeds $(or $(SEEDS),1) $(if $(STORY),--story) $(if $(ABOUT),--about $(ABOUT))

replay: ## A day of calls under several policies (DAY=file.csv AGENTS=30 or SHIFTS=file.csv ARGS="--patience exponential:90")
	@$(SETUP) python && $(VENV)/python -m local.replay $(DAY) $(if $(AGENTS),--agents $(AGENTS)) $(if $(SHIFTS),--shifts $(SHIFTS)) $(ARGS)

bench: ## Measure (NAME=startup, webhook, ...)
	@$(SETUP) bench && $(VENV)/python -m tests.bench $(NAME)

fuzz: ## A million damaged messages against a running edge (MESSAGES=n SEED=n)
	@$(SETUP) python && $(VENV)/python -m tests.soak fuzz

soak: export ENGINE := $(if $(filter localstack,$(NAME)),localstack,$(ENGINE))
soak: ## Longer than a check may take (NAME=simulation, planted, model, live; NAME=localstack: the same call on LocalStack)
	@$(SETUP) check && $(if $(NAME),$(VENV)/python -m tests.soak $(NAME),$(VENV)/pytest -m soak $(ARGS))
