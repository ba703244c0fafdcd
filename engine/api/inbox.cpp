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
  const std::lock_guard lock(mutex_);
  const std::size_t bytes = arrival.submission.prepared.bytes();
  if (!has_room_for(1, bytes)) {
    refusal = why_refused();
    return false;
  }
  mail_.arrivals.make_room(1);
  mail_.arrivals.push(std::move(arrival));
  bytes_ += bytes;
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
  const std::size_t count = arrivals.size();
  std::size_t bytes = 0;
  arrivals.for_each([&](const Arrival& arrival) { bytes += arrival.submission.prepared.bytes(); });

  const std::lock_guard lock(mutex_);
  std::size_t taken = 0;
  if (has_room_for(count, bytes)) {
    mail_.arrivals.append(arrivals);
    bytes_ += bytes;
    taken = count;
  } else {
    taken = take_some(arrivals);
    refusal = why_refused();
  }
  if (taken > 0) wake();
  return taken;
}

std::size_t Inbox::take_some(Arrivals& arrivals) {
  const std::size_t room = requests_max_ - std::min(mail_.arrivals.size(), requests_max_);
  mail_.arrivals.make_room(std::min(arrivals.size(), room));
  std::size_t taken = 0;
  bool full = false;
  arrivals.for_each([&](Arrival& arrival) {
    const std::size_t bytes = arrival.submission.prepared.bytes();
    full = full || !has_room_for(1, bytes);
    if (full) return;
    mail_.arrivals.push(std::move(arrival));
    bytes_ += bytes;
    ++taken;
  });
  return taken;
}

// A single request over the bound in bytes is the core's to judge.
bool Inbox::has_room_for(std::size_t count, std::size_t bytes) const noexcept {
  if (!why_closed_.empty() || shutting_down_) return false;
  const std::size_t waiting = mail_.arrivals.size();
  const std::size_t room = bytes_max_ - std::min(bytes_, bytes_max_);
  return waiting + count <= requests_max_ && (bytes <= room || (waiting == 0 && count == 1));
}

Error Inbox::why_refused() const {
  if (!why_closed_.empty()) return {.code = ErrorCode::closed, .detail = why_closed_};
  if (shutting_down_) return {.code = ErrorCode::closed, .detail = "the engine is shutting down"};
  return {.code = ErrorCode::queue_full,
          .detail = std::to_string(mail_.arrivals.size()) + " requests of " +
                    std::to_string(bytes_) +
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
  bytes_ = 0;
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
