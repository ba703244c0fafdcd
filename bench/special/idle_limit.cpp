// What an open connection that has answered once takes at least.

#include <memory>
#include <vector>

#include "bench/clients/limit.hpp"
#include "bench/common/client.hpp"
#include "bench/common/figures.hpp"
#include "bench/common/usage.hpp"

namespace headrace::bench {
namespace {

struct Open {
  Open(const Target& target, SSL_CTX* context) : wire(target, context) {}
  limit::Wire wire;
  limit::Scanner scanner;
};

int run(const Arguments& arguments) {
  raise_descriptor_limit();
  const limit::Context context = limit::make_context(arguments);
  // The buffers of an idle session are given back.
  if (context) SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  const std::string request = limit::render(arguments.target);
  std::vector<char> room(std::size_t{64} << 10U);
  std::vector<std::unique_ptr<Open>> connections;
  connections.reserve(arguments.connections + 1);
  double before = 0;
  for (unsigned i = 0; i <= arguments.connections; ++i) {
    connections.push_back(std::make_unique<Open>(arguments.target, context.get()));
    Open& open = *connections.back();
    open.wire.write(request);
    while (open.scanner.take({room.data(), open.wire.read(room)}) == 0) {
    }
    if (i == 0) before = static_cast<double>(held_rss_kib());
  }
  const auto with_holes = static_cast<double>(rss_kib());
  const auto after = static_cast<double>(held_rss_kib());
  print_figures({{"connections", arguments.connections},
                 {"bytes_per_connection", (after - before) * 1024 / arguments.connections},
                 {"bytes_with_holes", (with_holes - before) * 1024 / arguments.connections}});
  return 0;
}

}  // namespace
}  // namespace headrace::bench

int main(int count, char** values) {
  return headrace::bench::client_main(count, values, "idle_limit", headrace::bench::run);
}
