#include "tests/io/loop_harness.hpp"

#include <stdexcept>

#include "engine/http/prepare.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/patience.hpp"
#include "tests/support/socket.hpp"

namespace headrace::test {

LoopHarness::LoopHarness(const Options& options) : options_(options), loop_(options_, *this) {
  REQUIRE(loop_.open());
  thread_ = std::thread([this] { loop_.run(); });
}

LoopHarness::~LoopHarness() {
  if (!thread_.joinable()) return;
  shut_down();
  thread_.join();
}

std::uint64_t LoopHarness::submit(const Request& request, std::optional<Duration> timeout) {
  auto prepared = http::prepare(request, {}, false);
  // Not REQUIRE: several threads may submit, and Catch2's macros are for one.
  if (!prepared) throw std::invalid_argument(prepared.error().detail);
  std::uint64_t tag = 0;
  {
    const std::lock_guard lock(mutex_);
    tag = ++last_tag_;
  }
  call([this, tag, timeout, made = std::move(*prepared)](core::Core& core, Instant now) mutable {
    const auto accepted =
        core.submit(now, {.prepared = std::move(made), .tag = tag, .timeout = timeout});
    if (accepted) return;
    const std::lock_guard lock(mutex_);
    results_.emplace(tag, std::unexpected(accepted.error()));
    completed_.notify_all();
  });
  return tag;
}

std::uint64_t LoopHarness::get(const std::string& url, std::optional<Duration> timeout) {
  return submit({.url = url}, timeout);
}

Result<Response> LoopHarness::wait(std::uint64_t tag) {
  std::unique_lock lock(mutex_);
  if (!completed_.wait_for(lock, patience, [&] { return results_.contains(tag); }))
    throw TimedOut("request " + std::to_string(tag) + " did not complete");
  return results_.at(tag);
}

void LoopHarness::call(std::move_only_function<void(core::Core&, Instant)> task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  loop_.wake();
}

void LoopHarness::settle() {
  std::promise<void> ran;
  call([&](core::Core&, Instant) { ran.set_value(); });
  if (ran.get_future().wait_for(patience) != std::future_status::ready)
    throw TimedOut("the loop did not wake");
}

void LoopHarness::shut_down(Duration grace) {
  call([grace](core::Core& core, Instant now) { core.shut_down(now, grace); });
}

void LoopHarness::join() { thread_.join(); }

int LoopHarness::wakes() const {
  const std::lock_guard lock(mutex_);
  return wakes_;
}

void LoopHarness::on_wake(core::Core& core, Instant now) {
  std::vector<std::move_only_function<void(core::Core&, Instant)>> tasks;
  {
    const std::lock_guard lock(mutex_);
    ++wakes_;
    tasks.swap(tasks_);
  }
  for (auto& task : tasks) task(core, now);
}

void LoopHarness::on_completions(std::span<core::Completion> completions) {
  const std::lock_guard lock(mutex_);
  for (core::Completion& completion : completions)
    results_.emplace(completion.tag, std::move(*completion.result.release()));
  completed_.notify_all();
}

}  // namespace headrace::test
