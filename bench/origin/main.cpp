// The server that all clients are measured against. Prints its port and, with --https, the file a
// client must trust, a line each; then serves until its standard input ends or it is told to go.

#include <cstdio>
#include <exception>
#include <optional>

#include "bench/common/usage.hpp"
#include "bench/origin/loop.hpp"
#include "bench/origin/setup.hpp"
#include "tests/support/certificates.hpp"

namespace {

void serve(const headrace::bench::OriginSettings& settings) {
  using namespace headrace;
  std::optional<test::Certificates> certificates;
  test::TlsContext context;
  if (settings.https) {
    certificates.emplace();
    const auto files = certificates->issue({.dns = {"localhost"}, .ips = {"127.0.0.1"}});
    context = bench::make_server_context(
        {.chain_file = files.chain_file, .key_file = files.key_file, .tickets = settings.tickets});
  }
  bench::raise_descriptor_limit();
  bench::wait_precisely();
  bench::Loop loop(settings, context.get());
  std::printf("%u\n", static_cast<unsigned>(loop.port()));
  if (certificates) std::printf("%s\n", certificates->ca_file().c_str());
  std::fflush(stdout);
  loop.run();
}

}  // namespace

int main(int count, char** values) {
  try {
    serve(headrace::bench::parse_origin_settings(count, values));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_origin: %s\n", error.what());
    return 1;
  }
}
