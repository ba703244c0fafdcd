// What a Loop does between two polls: feed the core, perform its actions, deliver what is complete.

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "engine/base/limits.hpp"
#include "engine/io/loop_impl.hpp"

namespace headrace::io {
namespace {

constexpr std::size_t decrypted_bytes = std::size_t{256} * 1024;

}  // namespace

void Loop::Impl::turn() {
  if (!std::exchange(fed_, false) || !handles_open_) return;
  // Performing an action may feed the core again: a write that the kernel takes at once, a dial
  // that fails at once. The loop ends because each such answer leads on: every write is of other
  // bytes, and failed dials wait for their backoff.
  do {
    while (const std::optional<core::Action> action = core_.next_action())
      std::visit([this](const auto& known) { perform(known); }, *action);
  } while (hand_over_parts());
  completions_ = core_.take_completions(std::move(completions_));
  if (!completions_.empty()) host_.on_completions(completions_);
  ended_.clear();
  fed_ = false;
  if (core_.finished())
    close_handles();
  else
    arm_timer();
}

// True when there were some: what is consumed of them at once may let a connection be read on.
bool Loop::Impl::hand_over_parts() {
  if (!core_.has_parts()) return false;
  parts_ = core_.take_parts(std::move(parts_));
  host_.on_parts(core_, now(), parts_);
  return true;
}

void Loop::Impl::perform(const core::Dial& dial) {
  Result<TlsChoice> tls;
  if (dial.origin->tls) tls = choose_tls(*dial.origin);
  if (!tls) return on_dialled(dial.connection, std::unexpected(std::move(tls.error())));
  auto& made = connections_[dial.connection];
  made = std::make_unique<Connection>(surroundings_, dial.connection, dial.origin, std::move(*tls));
  made->dial(now());
}

void Loop::Impl::perform(const core::Write& write) {
  const auto found = connections_.find(write.connection);
  if (found != connections_.end()) found->second->write(write.bytes);
}

void Loop::Impl::perform(const core::Pull& pull) { host_.on_pull(pull); }

void Loop::Impl::perform(const core::Read& read) {
  const auto found = connections_.find(read.connection);
  if (found != connections_.end()) found->second->read_on();
}

void Loop::Impl::perform(const core::Close& close) {
  const auto found = connections_.find(close.connection);
  if (found == connections_.end()) return;
  found->second->close();
  connections_.erase(found);
}

Result<TlsChoice> Loop::Impl::choose_tls(const http::Origin& origin) {
  if (!decrypted_) {
    decrypted_ = std::make_unique_for_overwrite<char[]>(decrypted_bytes);
    surroundings_.decrypted = {decrypted_.get(), decrypted_bytes};
  }
  return tls_.choose(origin);
}

void Loop::Impl::on_connected(ConnectionId id) {
  fed_ = true;
  core_.on_connected(now(), id);
}

void Loop::Impl::on_dialled(ConnectionId id, Result<void> outcome) {
  fed_ = true;
  if (!outcome) forget(id);
  core_.on_dialled(now(), id, std::move(outcome));
}

void Loop::Impl::on_written(ConnectionId id, std::size_t count) {
  fed_ = true;
  core_.on_written(now(), id, count);
}

bool Loop::Impl::on_received(ConnectionId id, Bytes bytes) {
  fed_ = true;
  return core_.on_received(now(), id, bytes);
}

std::optional<std::size_t> Loop::Impl::receive(ConnectionId id, core::Unread& unread) {
  fed_ = true;
  return core_.receive(now(), id, limits::read_directly_min, unread);
}

void Loop::Impl::on_closed(ConnectionId id, Result<void> how) {
  fed_ = true;
  forget(id);
  core_.on_closed(now(), id, std::move(how));
}

// The connection that reports its end is still on the stack, so it dies later.
void Loop::Impl::forget(ConnectionId id) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  ended_.push_back(std::move(found->second));
  connections_.erase(found);
}

void Loop::Impl::on_write_failed(ConnectionId id) {
  failing_.push_back(id);
  uv_idle_start(&idle_, [](uv_idle_t*) {});
}

void Loop::Impl::end_silent_ones() {
  if (failing_.empty()) return;
  std::erase_if(failing_, [this](ConnectionId id) {
    const auto found = connections_.find(id);
    return found == connections_.end() || found->second->give_up_if_silent();
  });
  if (failing_.empty()) uv_idle_stop(&idle_);
}

// After callbacks of what was read have had their turn, and what they submitted was written.
void Loop::Impl::rest_drained_ones() {
  for (const ConnectionId id : drained_)
    if (const auto found = connections_.find(id); found != connections_.end())
      found->second->rest();
  drained_.clear();
}

// libuv counts whole milliseconds of the clock that now() reads: rounded up, the timer is never
// early.
void Loop::Impl::arm_timer() {
  const std::optional<Instant> deadline = core_.next_deadline();
  if (deadline == armed_) return;
  armed_ = deadline;
  if (!deadline) {
    uv_timer_stop(&timer_);
    return;
  }
  using std::chrono::milliseconds;
  const auto due = std::chrono::ceil<milliseconds>(deadline->time_since_epoch()).count();
  const auto loop_time = static_cast<milliseconds::rep>(uv_now(&loop_));
  const auto wait = static_cast<std::uint64_t>(std::max(due - loop_time, milliseconds::rep{0}));
  uv_timer_start(&timer_, [](uv_timer_t* handle) { call<&Impl::on_timer>(handle); }, wait, 0);
}

}  // namespace headrace::io
