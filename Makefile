# `make demo` and `make test` need git, a compiler, CMake and make, and install the rest themselves.

FORMATTED = git ls-files --cached --others --exclude-standard '*.c' '*.h' '*.cpp' '*.hpp'
PROGRAM = build/release/bindings/cli/headrace
MINUTES = 10
DEV_OPTIONS ?=  # of the preset dev's build folder, when it is made

help:
	@echo "make demo                  build headrace and let it fetch an inventory from a sample server"
	@echo "make test                  build and run all tests"
	@echo "make bench                 measure headrace beside its peers (bench/README.md): an hour"
	@echo "make bench-quick           the same in three minutes, with fewer peers"
	@echo "make count                 count the instructions that a request takes, against their ceilings"
	@echo "make release               build the library and the program, optimised"
	@echo "make soak                  simulate fresh schedules until interrupted"
	@echo "make soak-python           200,000 requests by Python's tasks, and as many by its threads"
	@echo "make soak-servers          ten minutes among servers that misbehave (MINUTES=60: an hour)"
	@echo "make agree                 compare the simulator's traces, g++ against clang 19"
	@echo "make fuzz                  run every fuzz target for FUZZ_SECONDS (60)"
	@echo "make coverage              what tests and fuzz replay take of http, core and tls"
	@echo "make asan, make tsan       the tests under the sanitizers of clang 19"
	@echo "make format                lay the sources out as .clang-format says"
	@echo "make format-check          fail when one is not"
	@echo "make tidy                  run clang-tidy"
	@echo "make clean                 remove build/"
	@echo "make install-dependencies  install what the above need (apt-get), which they do on their own"

demo: release
	@$(PROGRAM) demo

release: build/release/build.ninja
	@cmake --build build/release

bench: bench-programs
	@bench/prepare || echo "Going on without them: their rows will say so." >&2
	@bench/run
	@build/release/bench/bench_slow_head

bench-quick: bench-programs
	@bench/prepare node python || echo "Going on without them: their rows will say so." >&2
	@bench/run --quick

bench-programs: build/release/build.ninja | dependencies-bench
	@cmake -DHEADRACE_BUILD_BENCHMARKS=ON build/release > /dev/null
	@cmake --build build/release

count: build/release/build.ninja | dependencies-ci
	@cmake -DHEADRACE_BUILD_BENCHMARKS=ON build/release > /dev/null
	@cmake --build build/release --target count_client count_origin
	@bench/count/run

test: build/dev/build.ninja
	@cmake --build build/dev
	@ctest --preset dev

# One preset's build folder, made once; ninja makes it again when a CMakeLists.txt changes.
build/release/build.ninja: CMakePresets.json | dependencies-demo
	@cmake --preset release
build/dev/build.ninja: CMakePresets.json | dependencies-test
	@cmake --preset dev $(DEV_OPTIONS)
build/asan/build.ninja build/tsan/build.ninja build/tidy/build.ninja build/coverage/build.ninja: \
build/%/build.ninja: CMakePresets.json | dependencies-ci
	@cmake --preset $*

soak: build/dev/build.ninja
	@cmake --build build/dev --target test_sim
	@build/dev/tests/sim/test_sim --soak

soak-python: dependencies-test
	@SOAK_REQUESTS=200000 tests/python/run build/dev/tests/python python3 -s -k soak

soak-servers: build/dev/build.ninja
	@cmake --build build/dev --target soak_servers
	@build/dev/tests/soak_servers $(MINUTES)

agree: build/dev/build.ninja build/asan/build.ninja
	@cmake --build build/dev --target test_sim
	@cmake --build build/asan --target test_sim
	@tests/sim/agree build/dev/tests/sim/test_sim build/asan/tests/sim/test_sim

asan tsan: %: build/%/build.ninja
	@cmake --build build/$*
	@ctest --preset $*

fuzz: build/asan/build.ninja
	@cmake --build build/asan --target fuzzers
	@ctest --preset asan --label-regex fuzz
	@fuzz/run build/asan

coverage: build/coverage/build.ninja
	@cmake --build build/coverage
	@tests/coverage build/coverage

tidy: build/tidy/build.ninja
	@cmake --build build/tidy -- -k 0

format: dependencies-ci
	@$(FORMATTED) | xargs clang-format-19 -i

format-check: dependencies-ci
	@$(FORMATTED) | xargs clang-format-19 --dry-run -Werror

clean:
	rm -rf build

dependencies-demo:
	@cmake/install-dependencies.sh demo
dependencies-bench:
	@cmake/install-dependencies.sh demo bench
dependencies-test:
	@cmake/install-dependencies.sh demo test
dependencies-ci install-dependencies:
	@cmake/install-dependencies.sh demo test ci

.PHONY: help bench bench-quick bench-programs count coverage demo fuzz release test soak \
        soak-python soak-servers agree asan tsan tidy format format-check clean dependencies-bench \
        dependencies-demo dependencies-test \
        dependencies-ci install-dependencies
