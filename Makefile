# stream-detect: the rules for people and CI. `make` without a rule lists them.

SWIFT ?= swift
PREFIX ?= /usr/local
# Importing a module that the target doesn't list is an error.
BUILD := --explicit-target-dependency-import-check error
# The toolchain's crash reporter can hang in a sanitized process.
SANITIZE := SWIFT_BACKTRACE=enable=no
PROGRAM := .build/release/stream-detect
RELEASE := -c release $(BUILD) --product stream-detect
# Links Swift's libraries statically, so that no toolchain is needed to run. macOS has its own.
ifeq ($(shell uname -s),Linux)
RELEASE += --static-swift-stdlib
endif

.DEFAULT_GOAL := help
.PHONY: help setup build run test lint format bench asan tsan coverage install check bench-peers

help: ## list these rules
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

setup: ## install missing system packages (apt-get)
	@scripts/setup.sh

build: setup ## build the program for release: .build/release/stream-detect
	$(SWIFT) build $(RELEASE)

run: build ## detect objects in a clip (downloads 96 MB once); results go into generated/
	@scripts/run.sh $(PROGRAM)

test: setup ## run every test, and the NEON kernels under an emulator
	scripts/test-neon.sh
	$(SWIFT) test $(BUILD)

lint: ## check the style of every Swift file
	git ls-files '*.swift' | xargs $(SWIFT) format lint --strict --parallel

format: ## rewrite every Swift file in the project's style
	git ls-files '*.swift' | xargs $(SWIFT) format -i --parallel

bench: build ## time the stages and the layers
	$(PROGRAM) bench

bench-peers: build ## compare with other engines, write the figures of docs/ and README
	benchmarks/peers/setup.sh
	cd benchmarks/peers && venv/bin/python -m peer_bench all $(if $(QUICK),--quick) \
	  $(if $(ROUNDS),--rounds $(ROUNDS))
	cd benchmarks/peers && venv/bin/python -m peer_bench.scaling $(if $(QUICK),--rounds 1)

asan: setup ## run the tests under AddressSanitizer, leaks included
	$(SANITIZE) LSAN_OPTIONS=suppressions=$(CURDIR)/scripts/leaks.supp:print_suppressions=0 \
	  $(SWIFT) test $(BUILD) --sanitize=address --scratch-path .build-asan

tsan: setup ## run the tests under ThreadSanitizer
	$(SANITIZE) $(SWIFT) test $(BUILD) --sanitize=thread --scratch-path .build-tsan

coverage: setup ## run the tests and list how much of each file they reach
	$(SWIFT) test $(BUILD) --enable-code-coverage
	scripts/coverage.sh

install: build ## copy the program to /usr/local/bin, or to PREFIX/bin
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/stream-detect

check: lint build test ## lint, build and test
