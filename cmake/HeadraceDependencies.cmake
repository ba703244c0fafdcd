# Finds what headrace stands on, and names everything that is missing at once.

set(headrace_missing "")
macro(headrace_require found what package)
  if(NOT ${found})
    list(APPEND headrace_missing "${what}")
    list(APPEND headrace_missing_packages ${package})
  endif()
endmacro()

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(libuv 1.44 QUIET MODULE)
headrace_require(libuv_FOUND "libuv 1.44 or newer" libuv1-dev)
find_package(OpenSSL 3.0 QUIET)
headrace_require(OPENSSL_FOUND "OpenSSL 3.0 or newer" libssl-dev)
find_package(uriparser QUIET MODULE)
headrace_require(uriparser_FOUND "uriparser" liburiparser-dev)

if(HEADRACE_BUILD_CLIENT)
  find_package(ZLIB QUIET)
  headrace_require(ZLIB_FOUND "zlib" zlib1g-dev)
  # Without these the client does without their codings, and does not offer them.
  find_package(brotli QUIET MODULE)
  find_package(zstd QUIET MODULE)
endif()
if(HEADRACE_BUILD_CLI)
  find_package(simdjson 3.0 QUIET)
  headrace_require(simdjson_FOUND "simdjson 3.0 or newer" libsimdjson-dev)
  find_package(CLI11 QUIET)
  headrace_require(CLI11_FOUND "CLI11" libcli11-dev)
endif()
if(HEADRACE_BUILD_TESTS)
  find_package(Catch2 QUIET)
  headrace_require(Catch2_FOUND "Catch2 2.13 or newer" catch2)
endif()

include(HeadraceLlhttp)

if(headrace_missing)
  list(JOIN headrace_missing "\n  - " headrace_missing)
  list(JOIN headrace_missing_packages " " headrace_missing_packages)
  message(
    FATAL_ERROR
      "headrace cannot be built, this is missing:\n  - ${headrace_missing}\n"
      "On Debian and Ubuntu, as root or with sudo:\n  apt-get install ${headrace_missing_packages}\n")
endif()

set(headrace_target_libuv libuv::uv)
set(headrace_target_openssl OpenSSL::SSL OpenSSL::Crypto)
set(headrace_target_uriparser uriparser::uriparser)
