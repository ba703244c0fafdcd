#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "bindings/c/engine.hpp"
#include "bindings/c/request.hpp"

namespace {

using headrace::BodyPieces;
using headrace::Future;
using headrace::Request;
using headrace::Response;
using headrace::Result;
using headrace::c::Given;

using Handle = std::unique_ptr<hr_future>;

// What a future is started with.
struct Call {
  Future<Response> future;
  std::shared_ptr<BodyPieces> body = {};  // of a streamed one
};

Handle handle_of(hr_engine& engine, const Given& given) {
  const auto queue_if = [&](bool wanted) { return wanted ? engine.queue() : hr_future::Queue(); };
  return std::make_unique<hr_future>(given.user_data, queue_if(given.announce),
                                     queue_if(given.streamed));
}

Call failed(headrace::Error error) {
  return {Future<Response>(Result<Response>(std::unexpected(std::move(error))))};
}

Call stream(hr_engine& engine, const Request& request) {
  auto [head, body] = BodyPieces::open(engine.engine.stream(request));
  return {std::move(head), std::move(body)};
}

// The program may have freed it when this returns.
hr_future* start(Handle handle, Call call) noexcept {
  hr_future* const started = handle.release();
  started->start(std::move(call.future), std::move(call.body));
  return started;
}

// What an engine that is null makes of a request.
hr_future* refused() {
  return start(std::make_unique<hr_future>(nullptr, hr_future::Queue()),
               failed(headrace::c::invalid("the engine is null")));
}

// The calls of a batch, in its order: whole answers are asked for together.
std::vector<Call> submit(hr_engine& engine, std::vector<Given>& batch) {
  std::vector<Request> requests;
  std::vector<Call> calls(batch.size());
  requests.reserve(batch.size());
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (!batch[i].request)
      calls[i] = failed(std::move(batch[i].request).error());
    else if (batch[i].streamed)
      calls[i] = stream(engine, *batch[i].request);
    else
      requests.push_back(*std::move(batch[i].request));
  }
  auto submitted = engine.engine.submit_all(requests);
  auto next = submitted.begin();
  for (Call& call : calls)
    if (!call.future.valid()) call.future = std::move(*next++);
  return calls;
}

void submit_all(hr_engine& engine, const hr_request* requests, std::size_t count,
                hr_future** futures) {
  std::vector<Given> batch;
  std::vector<Handle> handles;
  batch.reserve(count);
  handles.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    batch.push_back(headrace::c::read_request(requests, i));
    handles.push_back(handle_of(engine, batch.back()));
  }
  std::vector<Call> calls = submit(engine, batch);
  for (std::size_t i = 0; i < count; ++i) {
    futures[i] = handles[i].get();
    start(std::move(handles[i]), std::move(calls[i]));
  }
}

using Submit = Future<Response> (headrace::Engine::*)(const Request&);

hr_future* submit_one(hr_engine* engine, const hr_request* request, Submit submit) {
  try {
    if (engine == nullptr) return refused();
    Given given = headrace::c::read_request(request);
    Handle handle = handle_of(*engine, given);
    Call call = !given.request   ? failed(std::move(given.request).error())
                : given.streamed ? stream(*engine, *given.request)
                                 : Call{(engine->engine.*submit)(*given.request)};
    return start(std::move(handle), std::move(call));
  } catch (...) {  // out of memory
    return nullptr;
  }
}

}  // namespace

hr_future* hr_engine_submit(hr_engine* engine, const hr_request* request) {
  return submit_one(engine, request, &headrace::Engine::submit);
}

hr_future* hr_engine_enqueue(hr_engine* engine, const hr_request* request) {
  return submit_one(engine, request, &headrace::Engine::enqueue);
}

void hr_engine_flush(hr_engine* engine) {
  if (engine != nullptr) engine->engine.flush();
}

bool hr_engine_submit_all(hr_engine* engine, const hr_request* requests, size_t count,
                          hr_future** futures) {
  if (futures == nullptr || count == 0) return count == 0;
  std::fill_n(futures, count, nullptr);
  if (engine == nullptr || requests == nullptr) {
    for (size_t i = 0; i < count; ++i) futures[i] = hr_engine_submit(engine, nullptr);
    if (std::find(futures, futures + count, nullptr) == futures + count) return true;
    std::for_each_n(futures, count, hr_future_free);
    std::fill_n(futures, count, nullptr);
    return false;
  }
  try {
    submit_all(*engine, requests, count, futures);
    return true;
  } catch (...) {  // out of memory
    return false;
  }
}
