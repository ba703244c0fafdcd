#include "engine/api/engine_impl.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "engine/api/check_options.hpp"
#include "engine/http/proxies.hpp"

namespace headrace {

using api::Arrival;
using api::Call;
using api::Destination;
using api::StreamCall;
using api::Worker;
using api::Workers;

namespace {

Future<Response> failed(const Error& error) {
  return Future<Response>(Result<Response>(std::unexpected(error)));
}

Error was_shut_down() {
  return {.code = ErrorCode::closed,
          .safe_to_repeat = true,
          .detail = "the engine was shut down before the process was forked"};
}

Error negative_timeout(std::chrono::milliseconds timeout) {
  return {.code = ErrorCode::invalid_argument,
          .safe_to_repeat = true,
          .detail = "the request's timeout is " + std::to_string(timeout.count()) +
                    " ms, allowed is 0 (none) or more"};
}

// Gives it its call, and the caller the call's future. From here on the call keeps the site.
Future<Response> add_call(Arrival& arrival, const Worker& worker,
                          detail::Ref<StreamCall>* stream = nullptr) {
  thread_local api::DestinationMemo memo;
  detail::Ref<Destination> to =
      memo.find_or_make(worker.inbox(), *arrival.submission.prepared.site);
  if (stream == nullptr) {
    arrival.call = detail::Ref<Call>::adopt(new Call(std::move(to), 2));
  } else {
    *stream = detail::Ref<StreamCall>::adopt(new StreamCall(std::move(to)));
    arrival.call = detail::Ref<Call>::share(**stream);
    arrival.call->retain();
  }
  return Future<Response>(detail::Ref<detail::State<Response>>::adopt(arrival.call.get()));
}

// A caller's check as the core takes it: an exception is a *no* (Request::verify).
std::function<bool(const Response&)> never_throwing(
    const std::function<bool(const Response&)>& verify) {
  return [verify = verify](const Response& response) noexcept {
    try {
      return verify(response);
    } catch (...) {
      return false;
    }
  };
}

}  // namespace

Engine::Impl::Impl(Options options, http::Base base, std::unique_ptr<Workers> workers)
    : options_(std::move(options)),
      usual_timeout_(api::limit_of(options_.timeout)),
      base_(std::move(base)),
      workers_(workers.release()) {}

Result<std::unique_ptr<Engine::Impl>> Engine::Impl::create(Options options) {
  if (Result<void> checked = api::check_options(options); !checked)
    return std::unexpected(std::move(checked).error());
  Result<http::Proxies> proxies = http::Proxies::read(options);
  if (!proxies) return std::unexpected(std::move(proxies).error());
  std::shared_ptr<const http::Proxies> shared;
  if (!proxies->none()) shared = std::make_shared<const http::Proxies>(*std::move(proxies));
  Result<http::Base> base = http::parse_base(options.base_url, std::move(shared));
  if (!base) return std::unexpected(std::move(base).error());
  options = api::within_a_century(std::move(options));
  Result<std::unique_ptr<Workers>> workers = Workers::start(options);
  if (!workers) return std::unexpected(std::move(workers).error());
  return std::unique_ptr<Impl>(new Impl(std::move(options), *std::move(base), *std::move(workers)));
}

Engine::Impl::~Impl() {
  const std::unique_ptr<Workers> last(workers_of_this_process());
  if (!last) Workers::abandon(*workers_.load());
}

void Engine::Impl::shut_down(std::chrono::milliseconds grace) {
  closed_ = true;
  if (Workers* workers = workers_of_this_process()) workers->shut_down(grace);
}

// Null in a forked child that has not used the engine.
Workers* Engine::Impl::workers_of_this_process() const noexcept {
  Workers* workers = workers_.load(std::memory_order_acquire);
  return workers->made_before_fork() ? nullptr : workers;
}

// Null when there are none, and why.
Workers* Engine::Impl::workers(std::optional<Error>& why_none) {
  Workers* workers = workers_.load(std::memory_order_acquire);
  if (!workers->made_before_fork()) return workers;
  Result<Workers*> started = start_in_child(workers);
  if (started) return *started;
  why_none = std::move(started).error();
  return nullptr;
}

// Without a lock, which a thread of the parent might have held. Of several threads that come here
// at once one wins; the others' workers end unused.
Result<Workers*> Engine::Impl::start_in_child(Workers* of_parent) {
  if (closed_) return std::unexpected(was_shut_down());
  Result<std::unique_ptr<Workers>> started = Workers::start(options_);
  if (!started) return std::unexpected(std::move(started).error());
  if (!workers_.compare_exchange_strong(of_parent, started->get(), std::memory_order_acq_rel))
    return of_parent;  // the winner's
  Workers::abandon(*of_parent);
  Workers* const workers = started->release();
  if (closed_) workers->shut_down({});  // meanwhile, and it found nothing to shut down
  return workers;
}

Result<void> Engine::Impl::prepare(const Request& request, Arrival& arrival) const {
  if (request.timeout && request.timeout->count() < 0)
    return std::unexpected(negative_timeout(*request.timeout));
  thread_local http::OriginMemo memo;
  core::Submission& submission = arrival.submission;
  submission.timeout = request.timeout ? api::limit_of(*request.timeout) : usual_timeout_;
  if (request.verify) submission.verify = never_throwing(request.verify);
  if (request.body_source) arrival.source = std::make_unique<BodySource>(*request.body_source);
  return http::prepare(request, base_, options_.pipeline_put_delete, memo, submission.prepared);
}

Stats Engine::Impl::stats() const {
  const Workers* workers = workers_of_this_process();
  return workers != nullptr ? workers->stats() : Stats{};
}

std::string Engine::Impl::profiles() const {
  const Workers* workers = workers_of_this_process();
  return workers != nullptr ? workers->profiles() : std::string();
}

Future<Response> Engine::Impl::submit(const Request& request, Wakes wakes,
                                      detail::Ref<StreamCall>* stream) {
  std::optional<Error> refusal;
  Workers* const to = workers(refusal);
  if (to == nullptr) return failed(*refusal);
  Arrival arrival;
  if (Result<void> prepared = prepare(request, arrival); !prepared) return failed(prepared.error());
  Worker& worker = to->choose(arrival.submission.prepared.site->origin);
  Future<Response> future = add_call(arrival, worker, stream);
  if (!worker.inbox()->submit(arrival, refusal, wakes)) {
    worker.take_back(1);
    detail::Batch batch;
    refuse(arrival, *refusal, batch);
  }
  return future;
}

Future<ResponseStream> Engine::Impl::stream(const Request& request) {
  detail::Ref<StreamCall> call;
  Future<Response> head = submit(request, Wakes::at_once, &call);
  return head.then([call = std::move(call)](Result<Response> came) mutable {
    return came ? Result<ResponseStream>(std::in_place, std::move(call), *std::move(came))
                : std::unexpected(std::move(came).error());
  });
}

void Engine::Impl::flush() {
  if (const Workers* workers = workers_of_this_process()) workers->flush();
}

std::vector<Future<Response>> Engine::Impl::submit_all(std::span<const Request> requests) {
  std::vector<Future<Response>> futures;
  futures.reserve(requests.size());
  std::vector<Part> parts;
  std::optional<Error> why_none;
  Workers* const to = workers(why_none);
  for (const Request& request : requests) {
    if (to == nullptr) {
      futures.push_back(failed(*why_none));
      continue;
    }
    Arrival arrival;
    if (Result<void> prepared = prepare(request, arrival); !prepared) {
      futures.push_back(failed(prepared.error()));
      continue;
    }
    Worker& worker = to->choose(arrival.submission.prepared.site->origin);
    api::Arrivals& arrivals = part_of(parts, worker).arrivals;
    futures.push_back(add_call(arrival, worker));
    arrivals.push(std::move(arrival));
  }
  for (Part& part : parts) hand_over(part);
  return futures;
}

Engine::Impl::Part& Engine::Impl::part_of(std::vector<Part>& parts, Worker& worker) {
  const auto found = std::ranges::find(parts, &worker, &Part::worker);
  return found != parts.end() ? *found : parts.emplace_back(&worker);
}

void Engine::Impl::hand_over(Part& part) {
  const std::size_t count = part.arrivals.size();
  std::optional<Error> refusal;
  const std::size_t taken = part.worker->inbox()->submit_all(part.arrivals, refusal);
  if (taken == count) return;
  part.worker->take_back(count - taken);
  detail::Batch batch;
  part.arrivals.for_each([&](const Arrival& arrival) {
    if (arrival.call) refuse(arrival, *refusal, batch);
  });
}

void Engine::Impl::refuse(const Arrival& arrival, const Error& refusal, detail::Batch& batch) {
  arrival.call->store(std::unexpected(arrival.call->refused(refusal)));
  batch.add(*arrival.call);
}

}  // namespace headrace
