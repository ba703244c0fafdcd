#include "engine/api/worker.hpp"

#include <system_error>
#include <utility>

#include "engine/api/loop_thread.hpp"

namespace headrace::api {

Worker::Worker(const Options& options, unsigned number)
    : one_of_many_(options.loops > 1),
      inbox_(std::make_shared<Inbox>(options)),
      runner_(std::make_shared<Runner>(options, inbox_, number)) {}

Result<std::unique_ptr<Worker>> Worker::start(const Options& options, unsigned number) {
  std::unique_ptr<Worker> worker(new Worker(options, number));
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

Worker::~Worker() {
  if (thread_.joinable()) thread_.detach();
}

void Worker::join() {
  const std::lock_guard lock(joining_);
  if (thread_.joinable()) thread_.join();
}

// Those finished are read first, so that there are never more of them.
std::size_t Worker::load() const noexcept {
  const std::size_t finished = runner_->finished();
  return given_.load(std::memory_order_relaxed) - finished;
}

template <class T>
T Worker::ask(T (core::Core::*report)() const) const {
  QuestionFor<T> question(report);
  inbox_->ask(question);
  return question.take();
}

Stats Worker::stats() const {
  if (runner_->on_own_thread()) return runner_->stats();
  return detail::on_loop_thread() ? Stats{} : ask(&core::Core::stats);
}

std::string Worker::profiles() const {
  if (runner_->on_own_thread()) return runner_->profiles();
  return detail::on_loop_thread() ? std::string() : ask(&core::Core::profiles);
}

}  // namespace headrace::api
