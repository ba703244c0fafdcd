// What an idle connection of headrace takes: many requests at once to an origin that answers none
// before it has them all, so that each gets a connection of its own, and then nothing more.

#include <stdexcept>

#include "bench/common/client.hpp"
#include "bench/common/figures.hpp"
#include "bench/common/usage.hpp"
#include "headrace/headrace.hpp"

namespace headrace::bench {
namespace {

std::size_t open_connections(const Engine& engine) {
  return engine.stats().origins.at(0).connections;
}

int run(const Arguments& arguments) {
  raise_descriptor_limit();
  const unsigned connections = arguments.connections + 1;
  using std::chrono::seconds;
  Engine engine({.base_url = arguments.target.origin(),
                 .connections_max = connections,
                 .connections_total_max = connections,
                 .pipelining = Pipelining::off,
                 .connect_timeout = seconds(60),
                 .idle_timeout = seconds(120),
                 .tls = {.ca_file = arguments.ca_file}});
  engine.get("/bytes/300").get();
  const auto before = static_cast<double>(held_rss_kib());
  for (auto& call :
       engine.submit_all(std::vector<Request>(connections, {.url = arguments.target.path})))
    call.get();
  const std::size_t open = open_connections(engine);
  const auto with_holes = static_cast<double>(rss_kib());
  const auto after = static_cast<double>(held_rss_kib());
  if (open != connections)
    throw std::runtime_error(std::to_string(open) + " connections are open, not " +
                             std::to_string(connections) +
                             ": does the origin answer them --together?");
  print_figures({{"connections", arguments.connections},
                 {"bytes_per_connection", (after - before) * 1024 / arguments.connections},
                 {"bytes_with_holes", (with_holes - before) * 1024 / arguments.connections}});
  return 0;
}

}  // namespace
}  // namespace headrace::bench

int main(int count, char** values) {
  return headrace::bench::client_main(count, values, "idle_headrace", headrace::bench::run);
}
