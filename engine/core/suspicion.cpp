// Answers that were not where they belong (S5, S50).

#include <algorithm>
#include <utility>

#include "engine/base/limits.hpp"
#include "engine/core/impl.hpp"

namespace headrace::core {

bool Core::Impl::refuses(const Exchange& exchange, const Response& response) const {
  const auto& verify = exchange.course->verify;
  return verify && !verify(response);
}

// The connection's answers are shifted, nobody knows since when.
void Core::Impl::lose_shifted(Connection& connection, const Loss& loss, std::string reason) {
  OriginState& origin = *connection.origin;
  ++origin.counters.desync;
  origin.profile.on_shifted(now_, std::move(reason));
  mark_suspect(connection);
  lose(connection, loss, true);
}

// S50.
void Core::Impl::lose_refused(Connection& connection) {
  lose_shifted(connection,
               {.code = ErrorCode::wrong_answer,
                .detail = "the caller's check said that the answer is another request's"},
               "an answer was refused by the caller's check");
}

// What was answered on it and not yet handed over says so itself; of the rest the statistics tell.
void Core::Impl::mark_suspect(const Connection& connection) {
  if (connection.answers == 0) return;
  for (Completion& completion : completions_)
    if (completion.result && completion.result->connection_id == public_name(connection.id))
      completion.result->suspect = true;
  auto& suspects = connection.origin->suspect_connections;
  if (suspects.size() == limits::suspect_connections_kept) suspects.erase(suspects.begin());
  suspects.push_back(public_name(connection.id));
}

// A request that fell silent behind another was tried alone: answered soon, the server had dropped
// it; else it only takes long.
void Core::Impl::settle_suspicion(OriginState& origin, Exchange& exchange, bool answered) {
  Course& course = *exchange.course;
  course.suspected = false;
  const Duration soon = std::min<Duration>(options_.hang_timeout / 2,
                                           origin.times.patience().value_or(options_.hang_timeout));
  const Duration latency = course.first_byte_at - course.written_at;
  origin.profile.on_suspicion_settled(now_, answered && latency < soon);
  touch(origin);
}

}  // namespace headrace::core
