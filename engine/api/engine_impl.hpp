#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/api/inbox.hpp"
#include "engine/api/stream_call.hpp"
#include "engine/api/workers.hpp"
#include "engine/http/prepare.hpp"
#include "headrace/engine.hpp"

namespace headrace {

// The caller's side of an engine: checks and renders requests on the caller's thread and leaves
// them in the inbox of a worker.
class Engine::Impl {
 public:
  static Result<std::unique_ptr<Impl>> create(Options options);
  ~Impl();
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  using Wakes = api::Inbox::Wakes;

  // With `stream` the answer is one, and that is where it is found once the head has come.
  Future<Response> submit(const Request& request, Wakes wakes,
                          detail::Ref<api::StreamCall>* stream = nullptr);
  void flush();
  Future<ResponseStream> stream(const Request& request);
  std::vector<Future<Response>> submit_all(std::span<const Request> requests);
  void shut_down(std::chrono::milliseconds grace);
  Stats stats() const;
  std::string profiles() const;

 private:
  // One worker's part of a batch.
  struct Part {
    api::Worker* worker = nullptr;
    api::Arrivals arrivals = {};
  };

  Impl(Options options, http::Base base, std::unique_ptr<api::Workers> workers);
  api::Workers* workers(std::optional<Error>& why_none);
  Result<api::Workers*> start_in_child(api::Workers* of_parent);
  api::Workers* workers_of_this_process() const noexcept;
  Result<void> prepare(const Request& request, api::Arrival& arrival) const;
  static Part& part_of(std::vector<Part>& parts, api::Worker& worker);
  static void hand_over(Part& part);
  static void refuse(const api::Arrival& arrival, const Error& refusal, detail::Batch& batch);

  const Options options_;
  const std::optional<Duration> usual_timeout_;
  const http::Base base_;
  std::atomic<bool> closed_{false};     // shut_down was called
  std::atomic<api::Workers*> workers_;  // owned, but in a forked child only if made there
};

}  // namespace headrace
