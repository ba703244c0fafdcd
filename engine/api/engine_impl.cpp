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

detail::Ref<Call> call_for(const http::Prepared& prepared, const Worker& worker,
                           detail::Ref<StreamCall>* stream = nullptr) {
  thread_local api::DestinationMemo memo;
  detail::Ref<Destination> to = memo.find_or_make(worker.inbox(), prepared.origin);
  if (stream == nullptr) return detail::Ref<Call>::adopt(new Call(std::move(to)));
  *stream = detail::Ref<StreamCall>::adopt(new StreamCall(std::move(to)));
  return detail::Ref<Call>::share(**stream);
}

// The caller's side of an arrival.
Future<Response> future_of(const Arrival& arrival) {
  arrival.call->retain();
  return Future<Response>(detail::Ref<detail::State<Response>>::adopt(arrival.call.get()));
}

// The caller's check as the core takes it: an exception is a *no* (Request::verify).
std::function<bool(const Response&)> never_throwing(
    const std::function<bool(const Response&)>& verify) {
  if (!verify) return {};
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
    : options_(std::move(options)), base_(std::move(base)), workers_(workers.release()) {}

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

Result<Workers*> Engine::Impl::workers() {
  Workers* workers = workers_.load(std::memory_order_acquire);
  return workers->made_before_fork() ? start_in_child(workers) : workers;
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

Result<http::Prepared> Engine::Impl::prepare(const Request& request) const {
  if (request.timeout && request.timeout->count() < 0)
    return std::unexpected(negative_timeout(*request.timeout));
  thread_local http::OriginMemo memo;
  return http::prepare(request, base_, options_.pipeline_put_delete, memo);
}

Arrival Engine::Impl::arrival(const Request& request, http::Prepared&& prepared,
                              detail::Ref<Call>&& call) const {
  return {
      .call = std::move(call),
      .submission = {.prepared = std::move(prepared),
                     .timeout = api::limit_of(request.timeout.value_or(options_.timeout)),
                     .verify = never_throwing(request.verify)},
      .source = request.body_source ? std::make_unique<BodySource>(*request.body_source) : nullptr};
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
  const Result<Workers*> to = workers();
  if (!to) return failed(to.error());
  Result<http::Prepared> prepared = prepare(request);
  if (!prepared) return failed(prepared.error());
  Worker& worker = (*to)->choose(*prepared->origin);
  detail::Ref<Call> call = call_for(*prepared, worker, stream);
  Arrival arrived = arrival(request, *std::move(prepared), std::move(call));
  Future<Response> future = future_of(arrived);
  std::optional<Error> refusal;
  if (!worker.inbox()->submit(arrived, refusal, wakes)) {
    worker.take_back(1);
    detail::Batch batch;
    refuse(arrived, *refusal, batch);
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
  const Result<Workers*> to = workers();
  for (const Request& request : requests) {
    if (!to) {
      futures.push_back(failed(to.error()));
      continue;
    }
    Result<http::Prepared> prepared = prepare(request);
    if (!prepared) {
      futures.push_back(failed(prepared.error()));
      continue;
    }
    Worker& worker = (*to)->choose(*prepared->origin);
    api::Arrivals& arrivals = part_of(parts, worker).arrivals;
    detail::Ref<Call> call = call_for(*prepared, worker);
    arrivals.make_room(1);
    futures.push_back(
        future_of(arrivals.push(arrival(request, *std::move(prepared), std::move(call)))));
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
