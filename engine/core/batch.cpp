// The first batch of requests on a connection whose origin has not shown yet that it answers all of
// a pipeline: what it answers is believed when there is an answer for each, and nothing behind the
// last. A server that drops the second of three would otherwise give its answer to the third's.

#include <utility>

#include "engine/core/impl.hpp"

namespace headrace::core {

void Core::Impl::release_batch(Connection& connection) {
  if (!connection.batch_closed || connection.held < connection.pipeline.size()) return;
  OriginState& origin = *connection.origin;
  const bool passed =
      connection.held > 0 && (connection.batch_proves || origin.profile.one_per_segment());
  for (PipelineEntry& entry : connection.pipeline)
    if (Exchange* exchange = exchanges_.find(entry.exchange))
      deliver(*exchange, std::move(entry.held));
  connection.pipeline.clear();
  connection.written = connection.held = 0;
  connection.probation = connection.batch_closed = connection.batch_proves = false;
  if (passed) origin.profile.on_batch_passed();
  touch(origin);
  if (connection.life == ConnectionLife::open) become_idle(connection);
}

}  // namespace headrace::core
