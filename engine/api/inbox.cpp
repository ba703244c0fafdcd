#include "engine/api/inbox.hpp"

#include <algorithm>
#include <utility>

#include "engine/io/loop.hpp"

namespace headrace::api {

Inbox::Inbox(const Options& options)
    : requests_max_(options.queue_requests_max +
                    std::size_t{options.connections_total_max} * options.pipeline_depth),
      bytes_max_(options.queue_bytes_max) {}

bool Inbox::submit(Arrival& arrival, std::optional<Error>& refusal, Wakes wakes) {
  if (lease_.looks_next()) return put({mail_.own, own_bytes_}, arrival, refusal);
  const std::lock_guard lock(mutex_);
  if (!put({mail_.arrivals, bytes_}, arrival, refusal)) return false;
  if (wakes == Wakes::at_once)
    wake();
  else
    unflushed_.store(!woken_, std::memory_order_relaxed);
  return true;
}

void Inbox::flush() {
  if (!unflushed_.load(std::memory_order_relaxed)) return;
  const std::lock_guard lock(mutex_);
  if (unflushed_.load(std::memory_order_relaxed)) wake();
}

std::size_t Inbox::submit_all(Arrivals& arrivals, std::optional<Error>& refusal) {
  if (lease_.looks_next()) return put_all({mail_.own, own_bytes_}, arrivals, refusal);
  const std::lock_guard lock(mutex_);
  const std::size_t taken = put_all({mail_.arrivals, bytes_}, arrivals, refusal);
  if (taken > 0) wake();
  return taken;
}

bool Inbox::put(Waiting waiting, Arrival& arrival, std::optional<Error>& refusal) const {
  const std::size_t bytes = arrival.submission.prepared.bytes();
  if (!has_room_for(waiting, 1, bytes)) {
    refusal = why_refused(waiting);
    return false;
  }
  waiting.arrivals.push(std::move(arrival));
  waiting.bytes += bytes;
  return true;
}

std::size_t Inbox::put_all(Waiting waiting, Arrivals& arrivals,
                           std::optional<Error>& refusal) const {
  const std::size_t count = arrivals.size();
  std::size_t bytes = 0;
  arrivals.for_each([&](const Arrival& arrival) { bytes += arrival.submission.prepared.bytes(); });
  if (has_room_for(waiting, count, bytes)) {
    waiting.arrivals.append(arrivals);
    waiting.bytes += bytes;
    return count;
  }
  const std::size_t taken = put_some(waiting, arrivals);
  refusal = why_refused(waiting);
  return taken;
}

std::size_t Inbox::put_some(Waiting waiting, Arrivals& arrivals) const {
  const std::size_t room = requests_max_ - std::min(waiting.arrivals.size(), requests_max_);
  waiting.arrivals.make_room(std::min(arrivals.size(), room));
  std::size_t taken = 0;
  bool full = false;
  arrivals.for_each([&](Arrival& arrival) {
    const std::size_t bytes = arrival.submission.prepared.bytes();
    full = full || !has_room_for(waiting, 1, bytes);
    if (full) return;
    waiting.arrivals.push(std::move(arrival));
    waiting.bytes += bytes;
    ++taken;
  });
  return taken;
}

// A single request over the bound in bytes is the core's to judge.
bool Inbox::has_room_for(Waiting waiting, std::size_t count, std::size_t bytes) const noexcept {
  if (!why_closed_.empty() || shutting_down_.load(std::memory_order_relaxed)) return false;
  const std::size_t before = waiting.arrivals.size();
  const std::size_t room = bytes_max_ - std::min(waiting.bytes, bytes_max_);
  return before + count <= requests_max_ && (bytes <= room || (before == 0 && count == 1));
}

Error Inbox::why_refused(Waiting waiting) const {
  if (!why_closed_.empty()) return {.code = ErrorCode::closed, .detail = why_closed_};
  if (shutting_down_) return {.code = ErrorCode::closed, .detail = "the engine is shutting down"};
  return {.code = ErrorCode::queue_full,
          .detail = std::to_string(waiting.arrivals.size()) + " requests of " +
                    std::to_string(waiting.bytes) +
                    " bytes wait for the engine's thread: submit more slowly, or raise "
                    "queue_requests_max or queue_bytes_max"};
}

// Out of memory, the wish is lost and the call goes on: a cancel asks, it does not promise.
void Inbox::cancel(Call& call) noexcept {
  try {
    const std::lock_guard lock(mutex_);
    if (loop_ == nullptr) return;
    mail_.cancels.push_back(detail::Ref<Call>::share(call));
    wake();
  } catch (...) {
  }
}

void Inbox::consumed(Call& call, std::size_t count) {
  const std::lock_guard lock(mutex_);
  if (loop_ == nullptr) return;
  mail_.consumed.push_back({detail::Ref<Call>::share(call), count});
  wake();
}

void Inbox::expect_piece() {
  const std::lock_guard lock(mutex_);
  mail_.pieces.reserve(mail_.pieces.size() + pieces_expected_ + 1);
  ++pieces_expected_;
}

void Inbox::supply(Call& call, Result<std::string> piece) noexcept {
  const std::lock_guard lock(mutex_);
  --pieces_expected_;
  if (loop_ == nullptr) return;
  mail_.pieces.push_back({detail::Ref<Call>::share(call), std::move(piece)});
  wake();
}

void Inbox::ask(Question& question) {
  const std::lock_guard lock(mutex_);
  if (loop_ == nullptr) return question.give_up();
  mail_.questions.push_back(&question);
  wake(true);
}

void Inbox::shut_down(Duration grace) {
  const std::lock_guard lock(mutex_);
  shutting_down_ = true;
  mail_.grace = mail_.grace ? std::min(*mail_.grace, grace) : grace;
  wake(true);
}

void Inbox::take(Mail& into) {
  into.own.swap(mail_.own);
  own_bytes_ = 0;
  const std::lock_guard lock(mutex_);
  std::swap(into.arrivals, mail_.arrivals);
  bytes_ = 0;
  woken_ = false;
  unflushed_.store(false, std::memory_order_relaxed);
  if (mail_.empty()) return;  // there is seldom more
  into.pieces.reserve(pieces_expected_);
  into.swap_rest(mail_);
}

void Inbox::Mail::clear() {
  cancels.clear();
  consumed.clear();
  pieces.clear();
  questions.clear();
  grace.reset();
}

void Inbox::Mail::swap_rest(Mail& other) noexcept {
  cancels.swap(other.cancels);
  consumed.swap(other.consumed);
  pieces.swap(other.pieces);
  questions.swap(other.questions);
  grace.swap(other.grace);
}

void Inbox::Mail::give_up_questions() noexcept {
  for (Question* question : questions) question->give_up();
  questions.clear();
}

void Inbox::open(io::Loop& loop) {
  const std::lock_guard lock(mutex_);
  loop_ = &loop;
  if (!mail_.empty()) wake();
}

Inbox::Mail Inbox::close(std::string why) noexcept {
  const std::lock_guard lock(mutex_);
  loop_ = nullptr;
  why_closed_ = std::move(why);
  mail_.give_up_questions();  // who asked need not wait for what the unread calls still start
  return std::exchange(mail_, {});
}

// Under the lock, so that the loop is there as long as it is being woken; a wake-up never blocks.
void Inbox::wake(bool now) {
  if (loop_ == nullptr || (woken_ && !now)) return;
  woken_ = true;
  unflushed_.store(false, std::memory_order_relaxed);
  if (!lease_.attends_to_mail(now)) loop_->wake();
}

}  // namespace headrace::api
