#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "engine/api/inbox.hpp"
#include "engine/api/runner.hpp"
#include "engine/http/prepare.hpp"
#include "headrace/engine.hpp"

namespace headrace {

// The caller's side of an engine: checks and renders requests on the caller's thread, leaves them
// in the inbox, and owns the loop's thread.
class Engine::Impl {
 public:
  static Result<std::unique_ptr<Impl>> create(Options options);
  ~Impl();
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Future<Response> submit(const Request& request);
  std::vector<Future<Response>> submit_all(std::span<const Request> requests);
  void shut_down(std::chrono::milliseconds grace);
  Stats stats() const;
  std::string profiles() const;

 private:
  Impl(const Options& options, http::Base base);
  Result<void> start();
  Result<api::Arrival> prepare(const Request& request) const;
  void hand_over(std::span<api::Arrival> arrivals);

  const http::Base base_;
  const bool pipeline_put_delete_;
  const std::chrono::milliseconds timeout_;
  const std::shared_ptr<api::Inbox> inbox_;
  const std::shared_ptr<api::Runner> runner_;  // the thread holds it too
  std::mutex joining_;
  std::thread thread_;
};

}  // namespace headrace
