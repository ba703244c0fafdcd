#include "engine/api/engine_impl.hpp"

#include <functional>
#include <string>
#include <utility>

#include "engine/api/check_options.hpp"

namespace headrace {

using api::Arrival;
using api::Call;
using api::Worker;

namespace {

Future<Response> failed(const Error& error) {
  return Future<Response>(Result<Response>(std::unexpected(error)));
}

Error was_shut_down() {
  return {.code = ErrorCode::closed,
          .safe_to_repeat = true,
          .detail = "the engine was shut down before the process was forked"};
}

// The caller's side of an arrival, or of a refused request.
Future<Response> future_of(const Result<Arrival>& arrival) {
  if (!arrival) return failed(arrival.error());
  arrival->call->retain();
  return Future<Response>(detail::Ref<detail::State<Response>>::adopt(arrival->call.get()));
}

// The caller's check as the core takes it: an exception is a *no* (Request::verify).
std::function<bool(const Response&)> never_throwing(std::function<bool(const Response&)> verify) {
  if (!verify) return {};
  return [verify = std::move(verify)](const Response& response) noexcept {
    try {
      return verify(response);
    } catch (...) {
      return false;
    }
  };
}

}  // namespace

Engine::Impl::Impl(Options options, http::Base base, std::unique_ptr<Worker> worker)
    : options_(std::move(options)), base_(std::move(base)), worker_(worker.release()) {}

Result<std::unique_ptr<Engine::Impl>> Engine::Impl::create(Options options) {
  if (Result<void> checked = api::check_options(options); !checked)
    return std::unexpected(std::move(checked).error());
  Result<http::Base> base = http::parse_base(options.base_url);
  if (!base) return std::unexpected(std::move(base).error());
  options = api::within_a_century(std::move(options));
  Result<std::unique_ptr<Worker>> worker = Worker::start(options);
  if (!worker) return std::unexpected(std::move(worker).error());
  return std::unique_ptr<Impl>(new Impl(std::move(options), *std::move(base), *std::move(worker)));
}

Engine::Impl::~Impl() {
  const std::unique_ptr<Worker> last(worker_of_this_process());
  if (!last) Worker::abandon(*worker_.load());
}

void Engine::Impl::shut_down(std::chrono::milliseconds grace) {
  closed_ = true;
  if (Worker* worker = worker_of_this_process()) worker->shut_down(grace);
}

// Null in a forked child that has not used the engine.
Worker* Engine::Impl::worker_of_this_process() const noexcept {
  Worker* worker = worker_.load(std::memory_order_acquire);
  return worker->made_before_fork() ? nullptr : worker;
}

Result<Worker*> Engine::Impl::worker() {
  Worker* worker = worker_.load(std::memory_order_acquire);
  return worker->made_before_fork() ? start_in_child(worker) : worker;
}

// Without a lock, which a thread of the parent might have held. Of several threads that come here
// at once one wins; the others' workers end unused.
Result<Worker*> Engine::Impl::start_in_child(Worker* of_parent) {
  if (closed_) return std::unexpected(was_shut_down());
  Result<std::unique_ptr<Worker>> started = Worker::start(options_);
  if (!started) return std::unexpected(std::move(started).error());
  if (!worker_.compare_exchange_strong(of_parent, started->get(), std::memory_order_acq_rel))
    return of_parent;  // the winner's
  Worker::abandon(*of_parent);
  Worker* const worker = started->release();
  if (closed_) worker->shut_down({});  // meanwhile, and it found nothing to shut down
  return worker;
}

Result<Arrival> Engine::Impl::prepare(const Request& request, const Worker& worker) const {
  const std::chrono::milliseconds timeout = request.timeout.value_or(options_.timeout);
  if (timeout.count() < 0)
    return std::unexpected(Error{.code = ErrorCode::invalid_argument,
                                 .safe_to_repeat = true,
                                 .detail = "the request's timeout is " +
                                           std::to_string(timeout.count()) +
                                           " ms, allowed is 0 (none) or more"});
  thread_local http::OriginMemo memo;
  Result<http::Prepared> prepared =
      http::prepare(request, base_, options_.pipeline_put_delete, memo);
  if (!prepared) return std::unexpected(std::move(prepared).error());
  auto call = detail::Ref<Call>::adopt(new Call(worker.inbox(), prepared->origin));
  return Arrival{.call = std::move(call),
                 .prepared = *std::move(prepared),
                 .timeout = api::limit_of(timeout),
                 .verify = never_throwing(request.verify)};
}

Stats Engine::Impl::stats() const {
  const Worker* worker = worker_of_this_process();
  return worker != nullptr ? worker->stats() : Stats{};
}

std::string Engine::Impl::profiles() const {
  const Worker* worker = worker_of_this_process();
  return worker != nullptr ? worker->profiles() : std::string();
}

Future<Response> Engine::Impl::submit(const Request& request) {
  const Result<Worker*> to = worker();
  if (!to) return failed(to.error());
  Result<Arrival> arrival = prepare(request, **to);
  Future<Response> future = future_of(arrival);
  if (arrival) hand_over({&*arrival, 1}, **to);
  return future;
}

std::vector<Future<Response>> Engine::Impl::submit_all(std::span<const Request> requests) {
  std::vector<Future<Response>> futures;
  std::vector<Arrival> arrivals;
  futures.reserve(requests.size());
  arrivals.reserve(requests.size());
  const Result<Worker*> to = worker();
  for (const Request& request : requests) {
    if (!to) {
      futures.push_back(failed(to.error()));
      continue;
    }
    Result<Arrival> arrival = prepare(request, **to);
    futures.push_back(future_of(arrival));
    if (arrival) arrivals.push_back(*std::move(arrival));
  }
  if (to) hand_over(arrivals, **to);
  return futures;
}

void Engine::Impl::hand_over(std::span<Arrival> arrivals, Worker& worker) {
  Error refusal;
  const std::size_t taken = worker.inbox()->submit(arrivals, refusal);
  if (taken == arrivals.size()) return;
  detail::Batch batch;
  for (const Arrival& arrival : arrivals.subspan(taken)) {
    arrival.call->store(std::unexpected(arrival.call->refused(refusal)));
    batch.add(*arrival.call);
  }
}

}  // namespace headrace
