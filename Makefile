# stream-detect: the rules that people and CI use. `make` alone lists them.

SWIFT ?= swift
PREFIX ?= /usr/local
# An import of a module that the target does not list is an error.
BUILD := --explicit-target-dependency-import-check error
# The toolchain's crash reporter can hang inside a sanitized process.
SANITIZE := SWIFT_BACKTRACE=enable=no
PROGRAM := .build/release/stream-detect
RELEASE := -c release $(BUILD) --product stream-detect
# Swift's libraries go into the program, so that it runs where no toolchain is. macOS has its own.
ifeq ($(shell uname -s),Linux)
RELEASE += --static-swift-stdlib
endif

.DEFAULT_GOAL := help
.PHONY: help setup build run test samples docs lint format bench asan tsan coverage install check \
  bench-peers

help: ## list these rules
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

setup: ## install the system packages that are missing
	@scripts/setup.sh

build: setup ## build the program for release: .build/release/stream-detect
	$(SWIFT) build $(RELEASE)

run: build ## find people and cars in a clip; results go into generated/
	@scripts/run.sh $(PROGRAM)

test: setup ## run every test, and the NEON kernels under an emulator
	scripts/test-neon.sh
	$(SWIFT) test $(BUILD)

samples: setup ## build the sample package as a program of its own, and find a person with it
	$(SWIFT) build --package-path samples/find-people
	$(SWIFT) run --package-path samples/find-people --skip-build find-people \
	  $(CURDIR)/docs/pictures/astronaut.jpg | tee /dev/stderr | grep -q '^person'

docs: setup ## build the library's documentation: generated/docs
	SWIFT=$(SWIFT) scripts/make-docs.sh

lint: ## check the style of every Swift file
	git ls-files '*.swift' | xargs $(SWIFT) format lint --strict --parallel

format: ## rewrite every Swift file in the project's style
	git ls-files '*.swift' | xargs $(SWIFT) format -i --parallel

bench: build ## time the stages and the layers
	$(PROGRAM) bench

bench-peers: build ## compare with other engines and draw docs/benchmarks.md, docs/performance.md
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
