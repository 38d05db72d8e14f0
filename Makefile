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

# Checks are calls rather than inlined: the kernels' unrolled tiles take a minute each to compile
# otherwise.
ASAN_CALLS := -Xcc -mllvm -Xcc -asan-instrumentation-with-call-threshold=0
# Tests run as optimised code, as it is shipped: it is what people get, and several times as fast.
OPTIMISED := $(BUILD) -c release -Xswiftc -enable-testing
# Swift's own checks for raw memory are compiled into debug builds only, unless they are asked for.
CHECKED := -Xswiftc -assert-config -Xswiftc Debug
# Which test targets the sanitizers run, chosen by what each can find there and by how long it takes;
# SUITES="A B" names others. Package.swift leaves out what they don't need, so nothing else is built.
NUMERIC_SUITES := CKernelsTests LayersTests BackboneTests SSDLiteTests GoldenTests
MEDIA_SUITES := MediaTests PicturesTests PipelineTests OutputTests
# Whatever touches raw memory or reads what others wrote; fuzzing does the same for the importers.
ASAN_SUITES := $(NUMERIC_SUITES) $(MEDIA_SUITES) AnnotationsTests ConfigurationTests DownloadTests EvaluationTests
# Whatever has threads: a frame that several share, queues, stages, deadlines.
TSAN_SUITES := LayersTests $(MEDIA_SUITES) RecordingTests
space := $(subst ,, )
suites = STREAM_DETECT_SUITES='$(or $(SUITES),$(1))'
# What a sanitizer found, last: otherwise the lines of a thousand tests would come after it.
reported = { cat $(1)/report.* 2> /dev/null | tail -n 100 | cut -c1-200; exit 1; }
# Prints where a test is stuck, instead of waiting for ever.
LIMITED := scripts/limited.sh 30
TEST := $(LIMITED) $(SWIFT) test $(OPTIMISED) --scratch-path .build-release

.DEFAULT_GOAL := help
.PHONY: help setup build run test test-isa samples engines docs lint format bench asan tsan fuzz \
  trixie deb deb-test release coverage install check bench-peers

help: ## list these rules
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup: ## install missing system packages (apt-get)
	@scripts/setup.sh

build: setup ## build the program for release: .build/release/stream-detect
	$(SWIFT) build $(RELEASE)

run: build ## detect objects in a clip (downloads 96 MB once); results go into generated/
	@scripts/run.sh $(PROGRAM)

test: setup ## run every test, and the NEON kernels under an emulator
	scripts/test-neon.sh
	$(TEST)

test-isa: setup ## run the numeric tests as on an older machine: ISA=scalar, ISA=avx2
	STREAM_DETECT_ISA=$(ISA) $(TEST) --filter '^($(subst $(space),|,$(NUMERIC_SUITES)))\.'

samples: setup ## build the sample package as a program of its own, and find a person with it
	$(SWIFT) build --package-path samples/find-people
	found=$$($(SWIFT) run --package-path samples/find-people --skip-build find-people \
	  $(CURDIR)/docs/pictures/astronaut.jpg) && echo "$$found" && echo "$$found" | grep -q '^person'

# Ray alone takes 300 MB, so not in CI.
engines: build ## try the samples for Slurm, Ray, Kubernetes and GNU parallel (root; installs these)
	scripts/setup.sh slurmctld slurmd slurm-client munge parallel
	python3 -m venv generated/engines
	generated/engines/bin/pip install --quiet ray kubernetes-validate pyyaml
	samples/parallel/try.sh $(PROGRAM)
	samples/slurm/try.sh $(PROGRAM)
	generated/engines/bin/python samples/kubernetes/check.py $(PROGRAM)
	generated/engines/bin/python samples/ray/try.py $(PROGRAM)

docs: build ## build the library's documentation: generated/docs
	SWIFT=$(SWIFT) scripts/make-docs.sh

lint: ## check the style of every file of Swift and C, folders and the module graph
	scripts/lint.py
	scripts/structure.py check
	scripts/structure.py current
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

asan: setup ## run the tests of what touches raw memory under AddressSanitizer, leaks included
	@rm -f .build-asan/report.*
	$(SANITIZE) ASAN_OPTIONS=log_path=$(CURDIR)/.build-asan/report \
	  LSAN_OPTIONS=suppressions=$(CURDIR)/scripts/leaks.supp:print_suppressions=0 \
	  $(call suites,$(ASAN_SUITES)) $(LIMITED) $(SWIFT) test $(OPTIMISED) $(CHECKED) \
	  --sanitize=address $(ASAN_CALLS) --scratch-path .build-asan || $(call reported,.build-asan)

tsan: setup ## run the tests of what has threads under ThreadSanitizer
	@rm -f .build-tsan/report.*
	$(SANITIZE) \
	  TSAN_OPTIONS=suppressions=$(CURDIR)/scripts/races.supp:log_path=$(CURDIR)/.build-tsan/report \
	  $(call suites,$(TSAN_SUITES)) $(LIMITED) $(SWIFT) test $(OPTIMISED) \
	  --sanitize=thread --scratch-path .build-tsan || $(call reported,.build-tsan)

fuzz: setup ## feed every parser of outside data with made-up input for FUZZ_SECONDS (60)
	scripts/fuzz.sh $(PARSERS)

coverage: setup ## run the tests and list how much of each file they reach
	$(SWIFT) test $(BUILD) --enable-code-coverage
	scripts/coverage.sh

# Those that run FFmpeg's code: everything that touches media, and the program itself.
FFMPEG_SUITES := ^(MediaTests|PicturesTests|PipelineTests|OutputTests|ProgramTests)\.

# Not in CI: with a build of its own it would take the last of its 45 minutes.
trixie: ## build, and test media and program, with the FFmpeg of Debian 13 (root, debootstrap)
	scripts/debian.sh trixie "ffmpeg -version | head -n 1; swift test -c release \
	  -Xswiftc -enable-testing --scratch-path .build-trixie --filter '$(FFMPEG_SUITES)'"

deb: ## packages for Debian 12 and 13, each with its FFmpeg: generated/packages (root, debootstrap)
	rm -rf generated/packages
	scripts/debian.sh bookworm packaging/deb.sh
	scripts/debian.sh trixie packaging/deb.sh

deb-test: deb ## install the packages in a new Debian 12 and 13, use and remove them
	packaging/test-deb.sh bookworm generated/packages/*+deb12_*.deb
	packaging/test-deb.sh trixie generated/packages/*+deb13_*.deb

release: deb ## packages, checksums and notes of the version whose tag is checked out
	packaging/release.sh

install: build ## copy the program to /usr/local/bin, or to PREFIX/bin
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/stream-detect

check: lint build test ## lint, build and test
