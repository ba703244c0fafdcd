#include "engine/api/engine_impl.hpp"

#include <algorithm>
#include <future>
#include <string>
#include <system_error>
#include <utility>

#include "engine/api/check_options.hpp"
#include "engine/api/loop_thread.hpp"
#include "engine/core/origin_rules.hpp"

namespace headrace {

using api::Arrival;
using api::Call;
using api::Inbox;
using api::Runner;

namespace {

// The caller's side of an arrival, or of a refused request.
Future<Response> future_of(const Result<Arrival>& arrival) {
  if (!arrival) return Future<Response>(Result<Response>(std::unexpected(arrival.error())));
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

Engine::Impl::Impl(const Options& options, http::Base base)
    : base_(std::move(base)),
      pipeline_put_delete_(options.pipeline_put_delete),
      timeout_(options.timeout),
      inbox_(std::make_shared<Inbox>(options)),
      runner_(std::make_shared<Runner>(options, inbox_)) {}

Result<std::unique_ptr<Engine::Impl>> Engine::Impl::create(Options options) {
  if (Result<void> checked = api::check_options(options); !checked)
    return std::unexpected(std::move(checked).error());
  if (Result<void> checked = core::check_origin_rules(options); !checked)
    return std::unexpected(std::move(checked).error());
  Result<http::Base> base = http::parse_base(options.base_url);
  if (!base) return std::unexpected(std::move(base).error());
  std::unique_ptr<Impl> impl(new Impl(api::within_a_century(std::move(options)), *std::move(base)));
  if (Result<void> started = impl->start(); !started)
    return std::unexpected(std::move(started).error());
  return impl;
}

Result<void> Engine::Impl::start() {
  if (Result<void> opened = runner_->open(); !opened) return opened;
  try {
    thread_ = api::start_loop_thread([runner = runner_] { runner->run(); });
  } catch (const std::system_error& failure) {
    return std::unexpected(Error{.code = ErrorCode::internal,
                                 .safe_to_repeat = true,
                                 .system_code = failure.code().value(),
                                 .detail = std::string("no thread: ") + failure.what()});
  }
  return {};
}

// On the loop's own thread nobody can wait for its end: it is left to itself, and holds what it
// needs.
Engine::Impl::~Impl() {
  shut_down(std::chrono::milliseconds::zero());
  if (thread_.joinable()) thread_.detach();
}

void Engine::Impl::shut_down(std::chrono::milliseconds grace) {
  const auto least = std::chrono::milliseconds::zero();
  inbox_->shut_down(api::limit_of(std::max(grace, least)).value_or(Duration::zero()));
  if (runner_->on_own_thread()) return;
  const std::lock_guard lock(joining_);
  if (thread_.joinable()) thread_.join();
}

Result<Arrival> Engine::Impl::prepare(const Request& request) const {
  const std::chrono::milliseconds timeout = request.timeout.value_or(timeout_);
  if (timeout.count() < 0)
    return std::unexpected(Error{.code = ErrorCode::invalid_argument,
                                 .safe_to_repeat = true,
                                 .detail = "the request's timeout is " +
                                           std::to_string(timeout.count()) +
                                           " ms, allowed is 0 (none) or more"});
  Result<http::Prepared> prepared = http::prepare(request, base_, pipeline_put_delete_);
  if (!prepared) return std::unexpected(std::move(prepared).error());
  auto call = detail::Ref<Call>::adopt(new Call(inbox_, prepared->origin));
  return Arrival{.call = std::move(call),
                 .prepared = *std::move(prepared),
                 .timeout = api::limit_of(timeout),
                 .verify = never_throwing(request.verify)};
}

Stats Engine::Impl::stats() const {
  if (runner_->on_own_thread()) return runner_->stats();
  return detail::on_loop_thread() ? Stats{} : answer_of<Stats>(*inbox_);
}

std::string Engine::Impl::profiles() const {
  if (runner_->on_own_thread()) return runner_->profiles();
  return detail::on_loop_thread() ? std::string() : answer_of<std::string>(*inbox_);
}

Future<Response> Engine::Impl::submit(const Request& request) {
  Result<Arrival> arrival = prepare(request);
  Future<Response> future = future_of(arrival);
  if (arrival) hand_over({&*arrival, 1});
  return future;
}

std::vector<Future<Response>> Engine::Impl::submit_all(std::span<const Request> requests) {
  std::vector<Future<Response>> futures;
  std::vector<Arrival> arrivals;
  futures.reserve(requests.size());
  arrivals.reserve(requests.size());
  for (const Request& request : requests) {
    Result<Arrival> arrival = prepare(request);
    futures.push_back(future_of(arrival));
    if (arrival) arrivals.push_back(*std::move(arrival));
  }
  hand_over(arrivals);
  return futures;
}

void Engine::Impl::hand_over(std::span<Arrival> arrivals) {
  Error refusal;
  const std::size_t taken = inbox_->submit(arrivals, refusal);
  detail::Batch batch;
  for (const Arrival& arrival : arrivals.subspan(taken)) {
    arrival.call->store(std::unexpected(arrival.call->refused(refusal)));
    batch.add(*arrival.call);
  }
}

}  // namespace headrace
