#pragma once

#include <span>
#include <stop_token>

#include "bindings/inventory/collect.hpp"

namespace headrace::cli {

/// The inventory as a plain client fetches it: a request, its answer, the next request. Written
/// apart from the collector, so that their rows can be compared. Gives the number of requests.
std::size_t collect_one_by_one(Engine& engine, const inventory::Provider& provider,
                               const inventory::Collection& collection, inventory::Sink& sink,
                               const std::stop_token& stop);

}  // namespace headrace::cli
