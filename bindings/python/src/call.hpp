#pragma once

#include <chrono>
#include <condition_variable>
#include <expected>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "headrace/headrace.hpp"

namespace headrace::python {

class Call;

// Is told once, on whatever thread finds out, that a call is complete. The GIL is not held.
class Subscriber {
 public:
  virtual ~Subscriber() = default;
  virtual void on_complete(const std::shared_ptr<Call>& call) noexcept = 0;
};

// A Future<Response> for Python, where any number of threads may wait for one and all find the same
// outcome.
//
// A C++ future is one thread's at a time: it is held by the one that waits, or by a callback of the
// loop when somebody has subscribed and nobody waits. Whoever holds it delivers.
class Call : public std::enable_shared_from_this<Call> {
 public:
  using Deadline = std::optional<std::chrono::steady_clock::time_point>;

  explicit Call(Future<Response> future) : future_(std::move(future)) {}
  ~Call();
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  bool ready() const;
  void cancel();

  // Without the GIL. True when it is complete by the deadline.
  bool wait(const Deadline& deadline);

  // At once when it is complete.
  void subscribe(std::unique_ptr<Subscriber> subscriber);

  using Outcome = std::expected<std::shared_ptr<Response>, Error>;

  // Once complete.
  const Outcome& outcome() const { return *outcome_; }

 private:
  void hand_to_loop(std::unique_lock<std::mutex>& lock);
  void cancel_held(std::unique_lock<std::mutex>& lock);
  void complete(Result<Response> outcome);

  mutable std::mutex mutex_;  // for moments only; guards all that follows
  std::condition_variable changed_;
  bool held_ = false;  // by a thread that waits for one of the futures
  bool cancelled_ = false;
  Future<Response> future_;  // invalid once it was consumed,
  Future<void> told_;        // by this callback
  std::optional<Outcome> outcome_;
  std::vector<std::unique_ptr<Subscriber>> subscribers_;
};

}  // namespace headrace::python
