#include "engine/core/core.hpp"

#include <utility>
#include <variant>

#include "engine/core/impl.hpp"

namespace headrace::core {

Core::Core(const Options& options, std::uint64_t seed, unsigned number)
    : impl_(std::make_unique<Impl>(options, seed, number)) {}
Core::~Core() = default;

Result<ExchangeId> Core::submit(Instant now, Submission&& submission) {
  return impl_->submit(now, std::move(submission));
}
void Core::cancel(Instant now, ExchangeId exchange) { impl_->cancel(now, exchange); }
void Core::on_connected(Instant now, ConnectionId connection) {
  impl_->on_connected(now, connection);
}
void Core::on_dialled(Instant now, ConnectionId connection, Result<void> outcome) {
  impl_->on_dialled(now, connection, std::move(outcome));
}
void Core::on_written(Instant now, ConnectionId connection, std::size_t count) {
  impl_->on_written(now, connection, count);
}
bool Core::on_received(Instant now, ConnectionId connection, Bytes bytes) {
  return impl_->on_received(now, connection, bytes);
}
std::optional<std::size_t> Core::receive(Instant now, ConnectionId connection, std::uint64_t least,
                                         Unread& unread) {
  return impl_->receive(now, connection, least, unread);
}
void Core::on_body(Instant now, ExchangeId exchange, Result<std::string> piece,
                   std::string_view trailers) {
  impl_->on_body(now, exchange, std::move(piece), trailers);
}
void Core::on_consumed(Instant now, ExchangeId exchange, std::size_t count) {
  impl_->on_consumed(now, exchange, count);
}
void Core::on_closed(Instant now, ConnectionId connection, Result<void> how) {
  impl_->on_closed(now, connection, std::move(how));
}
void Core::on_tick(Instant now) { impl_->on_tick(now); }
void Core::shut_down(Instant now, Duration grace) { impl_->shut_down(now, grace); }
std::optional<Action> Core::next_action() { return impl_->next_action(); }
bool Core::has_parts() const noexcept { return impl_->has_parts(); }
std::vector<Part> Core::take_parts(std::vector<Part> spare) {
  return impl_->take_parts(std::move(spare));
}
std::vector<Completion> Core::take_completions(std::vector<Completion> spare) {
  return impl_->take_completions(std::move(spare));
}
std::optional<Instant> Core::next_deadline() const { return impl_->next_deadline(); }
bool Core::finished() const { return impl_->finished(); }
Stats Core::stats() const { return impl_->stats(); }
std::string Core::profiles() const { return impl_->profiles(); }

Core::Impl::Impl(const Options& options, std::uint64_t seed, unsigned number)
    : options_(options),
      number_(number),
      rules_(OriginRules::read(options).value_or(OriginRules{})),
      reader_limits_{.head_bytes_max = options.head_bytes_max,
                     .head_fields_max = options.head_fields_max,
                     .body_bytes_max = options.body_bytes_max,
                     .informational_max = options.informational_max},
      shortest_limit_(shortest_limit(options)),
      jitter_(seed),
      grace_(TimerKind::grace, 0) {}

std::optional<Action> Core::Impl::next_action() {
  while (!actions_.empty() || settle()) {
    Action action = std::move(actions_.front());
    actions_.pop_front();
    if (!is_current(action)) continue;
    if (const auto* dial = std::get_if<Dial>(&action))
      connections_.find(dial->connection)->known = true;
    return action;
  }
  retired_.clear();
  return std::nullopt;
}

// Turns what the batch of inputs left to be decided into actions: placing first, so that what was
// placed on one connection during the batch leaves in one write.
bool Core::Impl::settle() {
  do {
    while (!dirty_origins_.empty()) {
      pumping_.clear();
      std::swap(pumping_, dirty_origins_);
      for (const OriginId id : pumping_) {
        OriginState* origin = origins_.find(id);
        if (origin == nullptr) continue;
        origin->dirty = false;
        pump(*origin);
        if (options_.log) log_profile(*origin);
      }
    }
    if (closing_ && exchanges_.empty()) close_all_connections();
    flushing_.clear();
    std::swap(flushing_, to_flush_);
    for (const ConnectionId id : flushing_)
      if (Connection* connection = connections_.find(id)) flush(*connection);
  } while (!dirty_origins_.empty());  // a connection may have grown old before it was written to
  return !actions_.empty();
}

// A connection, or an exchange, may have gone after its Dial, Write, Pull or Read was decided.
bool Core::Impl::is_current(const Action& action) const {
  if (const auto* dial = std::get_if<Dial>(&action))
    return connections_.find(dial->connection) != nullptr;
  if (const auto* write = std::get_if<Write>(&action))
    return connections_.find(write->connection) != nullptr;
  if (const auto* pull = std::get_if<Pull>(&action))
    return exchanges_.find(pull->exchange) != nullptr;
  if (const auto* read = std::get_if<Read>(&action))
    return connections_.find(read->connection) != nullptr;
  return true;
}

std::vector<Part> Core::Impl::take_parts(std::vector<Part> spare) {
  spare.clear();
  return std::exchange(parts_, std::move(spare));
}

std::vector<Completion> Core::Impl::take_completions(std::vector<Completion> spare) {
  spare.clear();
  return std::exchange(completions_, std::move(spare));
}

}  // namespace headrace::core
