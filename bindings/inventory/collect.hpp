#pragma once

#include <cstddef>
#include <span>
#include <stop_token>

#include "bindings/inventory/provider.hpp"
#include "bindings/inventory/row.hpp"
#include "headrace/engine.hpp"

namespace headrace::inventory {

struct CollectOptions {
  /// Rows that may wait for their parts at a time; pages are asked for ahead within this. With the
  /// provider's page size it bounds the collector's memory. A page always finds room.
  std::size_t open_rows_max = 2000;
};

/// Fetches collections with all their parts: pages as soon as there is room, the parts of a page's
/// items as soon as the page is here, rows to `sink` as soon as they are complete. Blocks until all
/// is done or `stop` is requested; then requests that are outstanding end with the engine.
///
/// A request that fails costs what it would have brought and nothing else: each gap is an error in
/// `sink`, and the report says which collections have any.
Report collect(Engine& engine, const Provider& provider, std::span<const Collection> collections,
               Sink& sink, const std::stop_token& stop = {}, CollectOptions options = {});

}  // namespace headrace::inventory
