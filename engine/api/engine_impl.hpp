#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/api/inbox.hpp"
#include "engine/api/worker.hpp"
#include "engine/http/prepare.hpp"
#include "headrace/engine.hpp"

namespace headrace {

// The caller's side of an engine: checks and renders requests on the caller's thread and leaves
// them in the inbox of its worker.
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
  Impl(Options options, http::Base base, std::unique_ptr<api::Worker> worker);
  Result<api::Worker*> worker();
  Result<api::Worker*> start_in_child(api::Worker* of_parent);
  api::Worker* worker_of_this_process() const noexcept;
  Result<api::Arrival> prepare(const Request& request, const api::Worker& worker) const;
  static void hand_over(std::span<api::Arrival> arrivals, api::Worker& worker);

  const Options options_;
  const http::Base base_;
  std::atomic<bool> closed_{false};   // shut_down was called
  std::atomic<api::Worker*> worker_;  // owned, but in a forked child only if made there
};

}  // namespace headrace
