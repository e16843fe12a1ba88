# SPDX-License-Identifier: Apache-2.0
#
#   make demo    from a clean checkout to a zero-shot report on real data
#   make test    from a clean checkout to a passing test suite
#   make check   format, warnings as errors, imports, documents
#   make bench   speed beside the reference libraries
#
# Each one fetches what it needs into the user's cache; each is safe to repeat.

SHELL := /bin/bash
OUTPUT ?= out/intents
# Threads that wait sleep: on a busy machine two that spin are slower than one.
export OMP_WAIT_POLICY ?= PASSIVE

.PHONY: demo test test-all check bench engine build clean

engine:
	@Scripts/engine >/dev/null

build: engine
	swift build -c release --product koine

demo: build
	.build/release/koine run Recipes/intents.yaml --output $(OUTPUT)

test: engine
	swift build --build-tests
	swift test --skip-build --skip ServingTests
	swift test --skip-build --filter ServingTests

# What the server does in time is tested by itself: beside tests that compute, nothing comes in time.
test-all: export KOINE_SLOW_TESTS = 1
test-all: test

check: engine
	Scripts/check

bench: build
	Benchmarks/run

clean:
	rm -rf .build out
