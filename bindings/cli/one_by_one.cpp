#include "bindings/cli/one_by_one.hpp"

#include <utility>

namespace headrace::cli {
namespace {

using inventory::Failure;
using inventory::Outcome;

Outcome<std::vector<json::Item>> ask(Engine& engine, const inventory::Provider& provider,
                                     std::string_view member, Request request) {
  provider.authorize(request, {});
  Result<Response> response = engine.submit(request).wait();
  if (!response) return std::unexpected(inventory::failure_of(response.error()));
  if (response->status != 200) {
    return std::unexpected(
        Failure{.code = "http_status", .message = "not 200", .status = response->status});
  }
  return provider.read(member, std::move(response->body));
}

}  // namespace

std::size_t collect_one_by_one(Engine& engine, const inventory::Provider& provider,
                               const inventory::Collection& collection, inventory::Sink& sink,
                               const std::stop_token& stop) {
  auto items = ask(engine, provider, collection.member, provider.page(collection, 1));
  std::size_t requests = 1;
  if (!items) {
    sink.on_error({.collection = collection.name, .page = 1, .failure = items.error()});
    return requests;
  }
  for (json::Item& item : *items) {
    if (stop.stop_requested()) break;
    inventory::Row row{.collection = collection.name, .item = std::move(item)};
    for (const inventory::Part& part : collection.parts) {
      auto found = ask(engine, provider, part.member, provider.part(collection, row.item.id, part));
      ++requests;
      row.parts.push_back({.name = part.name});
      if (found) row.parts.back().items = std::move(*found);
    }
    sink.on_row(std::move(row));
  }
  return requests;
}

}  // namespace headrace::cli
