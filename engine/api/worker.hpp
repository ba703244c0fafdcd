#pragma once

#include <chrono>
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
  static Result<std::unique_ptr<Worker>> start(const Options& options);

  // Shuts down without grace.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  const std::shared_ptr<Inbox>& inbox() const noexcept { return inbox_; }
  void shut_down(std::chrono::milliseconds grace);
  Stats stats() const;
  std::string profiles() const;

  bool made_before_fork() const noexcept { return mark_.made_before_fork(); }

  // Gives up one made before the fork. Its memory stays reachable: no leak checker need worry.
  static void abandon(Worker& worker) noexcept;

 private:
  explicit Worker(const Options& options);

  const detail::ForkMark mark_;
  const std::shared_ptr<Inbox> inbox_;
  const std::shared_ptr<Runner> runner_;  // the thread holds it too
  std::mutex joining_;
  std::thread thread_;
  Worker* abandoned_before_ = nullptr;
};

}  // namespace headrace::api
