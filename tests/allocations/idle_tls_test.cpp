#include <malloc.h>
#include <openssl/crypto.h>

#include <atomic>
#include <cstddef>
#include <cstdlib>

#include "tests/loopback/scene.hpp"
#include "tests/support/certificates.hpp"

using namespace headrace;
using namespace headrace::test;

namespace {

// What OpenSSL holds, for both ends.
std::atomic<std::ptrdiff_t> held{0};

std::ptrdiff_t size_of(void* block) {
  return static_cast<std::ptrdiff_t>(malloc_usable_size(block));
}

void* allocate(std::size_t bytes, const char*, int) {
  void* const block = std::malloc(bytes);
  held += size_of(block);
  return block;
}

void release(void* block, const char*, int) {
  held -= size_of(block);
  std::free(block);
}

void* resize(void* block, std::size_t bytes, const char*, int) {
  held -= size_of(block);
  void* const resized = std::realloc(block, bytes);
  held += size_of(resized);
  return resized;
}

// Before OpenSSL allocates anything.
const bool counting = CRYPTO_set_mem_functions(allocate, resize, release) == 1;

constexpr std::ptrdiff_t record_buffer = 16 * 1024;

}  // namespace

TEST_CASE("S36: a TLS connection that has become idle gives back the memory of its records") {
  REQUIRE(counting);
  ScriptedServer server(showing(certificates().issue({.ips = {"127.0.0.1"}})));
  Options options = on_one_connection();
  options.tls.ca_file = certificates().ca_file();
  Engine engine(options);
  Peer peer = accept_proven(engine, server);
  for (int i = 0; i < 3; ++i) {
    Future<Response> call = engine.submit(get(server, "/"));
    peer.read_request();
    const std::ptrdiff_t asked = held;
    peer.send(ok("answer"));
    CHECK(body_of(call) == "answer");
    let_settle(engine);
    CHECK(held < asked - record_buffer);
  }
}
