#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "engine/io/loop.hpp"
#include "headrace/request.hpp"

namespace headrace::test {

// A loop on a thread of its own, with the least that can stand above it: a mailbox of calls for the
// core.
class LoopHarness final : io::Host {
 public:
  explicit LoopHarness(const Options& options = {});
  ~LoopHarness();  // shuts down without grace and waits for the loop's end
  LoopHarness(const LoopHarness&) = delete;
  LoopHarness& operator=(const LoopHarness&) = delete;

  // Submits from the calling thread; the result comes by the tag given back here.
  std::uint64_t submit(const Request& request, std::optional<Duration> timeout = {});
  std::uint64_t get(const std::string& url, std::optional<Duration> timeout = {});

  // Waits for it; throws TimedOut when it takes too long.
  Result<Response> wait(std::uint64_t tag);

  // Runs on the loop's thread with the core.
  void call(std::move_only_function<void(core::Core&, Instant)> task);

  // Waits until everything called before has run.
  void settle();

  void shut_down(Duration grace = {});
  void join();

  int wakes() const;  // how often the loop asked

 private:
  void on_wake(core::Core& core, Instant now) override;
  void on_completions(std::span<core::Completion> completions) override;

  const Options options_;
  io::Loop loop_;
  std::thread thread_;
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable completed_;
  std::vector<std::move_only_function<void(core::Core&, Instant)>> tasks_;
  std::map<std::uint64_t, Result<Response>> results_;
  std::uint64_t last_tag_ = 0;
  int wakes_ = 0;
};

}  // namespace headrace::test
