#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "engine/api/inbox.hpp"
#include "engine/api/runner.hpp"
#include "headrace/detail/fork.hpp"
#include "headrace/error.hpp"
#include "headrace/options.hpp"
#include "headrace/stats.hpp"

namespace headrace::api {

// A running loop with its thread, and the inbox that leads there.
//
// In a forked child there is no such thread, and of the rest nothing may be touched: a worker made
// before the fork is neither used nor destroyed there.
class Worker {
 public:
  // `number` is this one's among the engine's.
  static Result<std::unique_ptr<Worker>> start(const Options& options, unsigned number);

  // Its inbox must have been told to shut down. Where nobody has waited for its thread's end, that
  // is left to itself, and holds what it needs.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  const std::shared_ptr<Inbox>& inbox() const noexcept { return inbox_; }
  void join();
  bool on_own_thread() const noexcept { return runner_->on_own_thread(); }
  Stats stats() const;
  std::string profiles() const;

  bool made_before_fork() const noexcept { return mark_.made_before_fork(); }

  // How many requests it has been given and not finished, where it is one of many: nobody asks the
  // only one. Any thread, at any time: a little old.
  std::size_t load() const noexcept;
  void give() noexcept {
    if (one_of_many_) given_.fetch_add(1, std::memory_order_relaxed);
  }
  void take_back(std::size_t count) noexcept {
    if (one_of_many_) given_.fetch_sub(count, std::memory_order_relaxed);
  }

 private:
  Worker(const Options& options, unsigned number);
  template <class T>
  T ask(T (core::Core::*report)() const) const;

  const detail::ForkMark mark_;
  const bool one_of_many_;
  const std::shared_ptr<Inbox> inbox_;
  const std::shared_ptr<Runner> runner_;  // the thread holds it too
  std::mutex joining_;
  std::thread thread_;
  std::atomic<std::size_t> given_{0};
};

}  // namespace headrace::api
