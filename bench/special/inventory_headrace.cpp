// An inventory: the list of machines, then three documents of each, their JSON read on demand.
// Connecting is part of the time, starting the engine too.

#include <simdjson.h>

#include <stdexcept>

#include "bench/common/client.hpp"
#include "bench/common/figures.hpp"
#include "bench/common/usage.hpp"
#include "headrace/headrace.hpp"

namespace headrace::bench {
namespace {

using Json = simdjson::ondemand::parser;

// The body of a response has the room behind it that simdjson reads.
simdjson::ondemand::document open(Json& json, std::string& body) {
  return json.iterate(body.data(), body.size(), body.capacity());
}

std::vector<Request> requests_for(Json& json, std::string list) {
  std::vector<Request> requests;
  auto document = open(json, list);
  for (auto machine : document["machines"]) {
    const std::string path = "/machines/" + std::string(std::string_view(machine["id"]));
    for (const char* part : {"", "/disks", "/nics"}) requests.push_back({.url = path + part});
  }
  return requests;
}

void read(Json& json, Response response, std::size_t index) {
  if (response.status != 200) throw std::runtime_error("a document was not found");
  auto document = open(json, response.body);
  const std::string_view id = document["id"];
  if (std::stoul(std::string(id)) != index / 3)
    throw std::runtime_error("a document is another machine's");
}

int run(const Arguments& arguments) {
  Json json;
  const Usage before = Usage::now();
  Engine engine({.base_url = arguments.target.origin(),
                 .connections_max = arguments.connections,
                 .pipeline_depth = arguments.depth,
                 .tls = {.ca_file = arguments.ca_file}});
  auto calls = engine.submit_all(requests_for(json, engine.get(arguments.target.path).get().body));
  const std::size_t requests = calls.size() + 1;
  for (auto& [index, result] : as_completed(std::move(calls))) {
    if (!result) throw Exception(result.error());
    read(json, *std::move(result), index);
  }
  const Usage used = Usage::now().since(before);
  print_figures({{"requests", static_cast<double>(requests)},
                 {"seconds", used.seconds},
                 {"cpu_seconds", used.cpu_seconds()},
                 {"peak_rss_mb", static_cast<double>(peak_rss_kib()) * 1024 / 1e6}});
  return 0;
}

}  // namespace
}  // namespace headrace::bench

int main(int count, char** values) {
  return headrace::bench::client_main(count, values, "inventory_headrace", headrace::bench::run);
}
