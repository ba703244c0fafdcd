#include "engine/api/worker.hpp"

#include <algorithm>
#include <atomic>
#include <future>
#include <system_error>
#include <utility>

#include "engine/api/check_options.hpp"
#include "engine/api/loop_thread.hpp"

namespace headrace::api {

Worker::Worker(const Options& options)
    : inbox_(std::make_shared<Inbox>(options)),
      runner_(std::make_shared<Runner>(options, inbox_)) {}

Result<std::unique_ptr<Worker>> Worker::start(const Options& options) {
  std::unique_ptr<Worker> worker(new Worker(options));
  if (Result<void> opened = worker->runner_->open(); !opened)
    return std::unexpected(std::move(opened).error());
  try {
    worker->thread_ = start_loop_thread([runner = worker->runner_] { runner->run(); });
  } catch (const std::system_error& failure) {
    return std::unexpected(Error{.code = ErrorCode::internal,
                                 .safe_to_repeat = true,
                                 .system_code = failure.code().value(),
                                 .detail = std::string("no thread: ") + failure.what()});
  }
  return worker;
}

// On the loop's own thread nobody can wait for its end: it is left to itself, and holds what it
// needs.
Worker::~Worker() {
  shut_down(std::chrono::milliseconds::zero());
  if (thread_.joinable()) thread_.detach();
}

void Worker::shut_down(std::chrono::milliseconds grace) {
  const auto least = std::chrono::milliseconds::zero();
  inbox_->shut_down(limit_of(std::max(grace, least)).value_or(Duration::zero()));
  if (runner_->on_own_thread()) return;
  const std::lock_guard lock(joining_);
  if (thread_.joinable()) thread_.join();
}

namespace {

std::atomic<Worker*> last_abandoned{nullptr};

}  // namespace

void Worker::abandon(Worker& worker) noexcept {
  worker.abandoned_before_ = last_abandoned.exchange(&worker);
}

namespace {

// The answer of the loop's thread; empty when it ended, or broke down, before it gave one.
template <class T>
T answer_of(Inbox& inbox) {
  std::promise<T> promise;
  std::future<T> answer = promise.get_future();
  inbox.ask(std::move(promise));
  try {
    return answer.get();
  } catch (const std::future_error&) {
    return {};
  }
}

}  // namespace

Stats Worker::stats() const {
  if (runner_->on_own_thread()) return runner_->stats();
  return detail::on_loop_thread() ? Stats{} : answer_of<Stats>(*inbox_);
}

std::string Worker::profiles() const {
  if (runner_->on_own_thread()) return runner_->profiles();
  return detail::on_loop_thread() ? std::string() : answer_of<std::string>(*inbox_);
}

}  // namespace headrace::api
