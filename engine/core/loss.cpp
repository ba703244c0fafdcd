#include <algorithm>
#include <ranges>
#include <utility>
#include <vector>

#include "engine/base/limits.hpp"
#include "engine/core/dialling.hpp"
#include "engine/core/impl.hpp"

namespace headrace::core {

void Core::Impl::on_closed(Instant now, ConnectionId id, Result<void> how) {
  now_ = now;
  Connection* connection = connections_.find(id);
  if (connection == nullptr) return;
  if (connection->life == ConnectionLife::dialling) {
    const Error error = how ? Error{.code = ErrorCode::connect_failed,
                                    .phase = Phase::connect,
                                    .detail = "the connection was closed while it was being made"}
                            : how.error();
    return dial_failed(*connection, error, false);
  }
  Loss loss{.detail = "the server closed the connection before it answered",
            .accepted_is_final = true};
  if (connection->head() != nullptr) {
    const http::ResponseEvent event = connection->reader.finish(how.has_value());
    if (event.kind ==
        http::ResponseEvent::Kind::end) {  // a body that the end of the stream delimits
      on_answer_end(*connection, false);
      return;
    }
    if (event.kind == http::ResponseEvent::Kind::failed)
      loss.detail = connection->reader.error().detail;
  }
  if (!how) {
    loss.detail = std::move(how.error().detail);
    loss.system_code = how.error().system_code;
  }
  lose(*connection, loss, false);
}

// The connection is gone, or no longer to be trusted (S13).
void Core::Impl::lose(Connection& connection, const Loss& loss, bool close) {
  OriginState& origin = *origins_.find(connection.origin);
  if (loss.trouble && connection.written > 0) {  // S10
    origin.profile.caution = true;
    ++origin.trouble_count;
  }
  if (loss.trouble && !connection.delivered) back_off_if_barren(origin);
  evict(connection, 0, loss);
  erase(connection, close);
}

// A server that accepts connections and drops them unused would otherwise be dialled as fast as it
// can do so.
void Core::Impl::back_off_if_barren(OriginState& origin) {
  if (++origin.barren == 1) return;
  origin.failures = origin.barren - 1;
  origin.redial_at = now_ + redial_pause(origin.failures, jitter_());
}

// Takes the entries from `first` on out of the pipeline: each goes back to where it stood in the
// queue, or fails.
void Core::Impl::evict(Connection& connection, std::size_t first, const Loss& loss) {
  std::vector<Exchange*> again;
  for (std::size_t i = first; i < connection.pipeline.size(); ++i) {
    const PipelineEntry& entry = connection.pipeline[i];
    Exchange* exchange = exchanges_.find(entry.exchange);
    if (exchange == nullptr) continue;
    const Verdict verdict = judge(connection, *exchange, i, loss);
    if (verdict == Verdict::fail) {
      fail(*exchange, loss.code, loss.detail, loss.system_code);
    } else {
      again.push_back(exchange);
    }
  }
  connection.pipeline.resize(std::min(first, connection.pipeline.size()));
  connection.written = std::min(connection.written, connection.pipeline.size());
  OriginState& origin = *origins_.find(connection.origin);
  for (Exchange* exchange : again | std::views::reverse) enqueue_front(origin, *exchange);
}

// What the loss means for the `index`-th place; keeps the exchange's account.
Verdict Core::Impl::judge(const Connection& connection, Exchange& exchange, std::size_t index,
                          const Loss& loss) {
  const PipelineEntry& entry = connection.pipeline[index];
  LossFacts facts{.repeatable = exchange.prepared.traits.repeatable,
                  .charged = index == 0 && loss.charge_head,
                  .charges = exchange.charges,
                  .moves = exchange.moves,
                  .moves_max = limits::moves_max + options_.pipeline_depth,
                  .attempts_max = options_.attempts_max};
  if (exchange.life == ExchangeLife::written)
    facts.touched = !loss.accepted_is_final || entry.begins < connection.accepted;
  if (facts.touched) exchange.progress = std::max(exchange.progress, Progress::sent);
  if (exchange.answering) exchange.progress = Progress::responding;
  const Verdict verdict = after_loss(facts);
  if (verdict == Verdict::again_charged) ++exchange.charges;
  if (verdict == Verdict::again && facts.touched) ++exchange.moves;
  return verdict;
}

}  // namespace headrace::core
