#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "bindings/c/engine.hpp"
#include "bindings/c/request.hpp"

namespace {

using headrace::Future;
using headrace::Request;
using headrace::Response;
using headrace::Result;
using headrace::c::Body;
using headrace::c::Given;

using Handle = std::unique_ptr<hr_future>;

std::shared_ptr<Body> body_of(hr_engine& engine, const Given& given) {
  return given.streamed ? std::make_shared<Body>(engine.queue()) : nullptr;
}

Handle handle_of(hr_engine& engine, const Given& given, std::shared_ptr<Body> body) {
  return std::make_unique<hr_future>(
      given.user_data, given.announce ? engine.queue() : hr_future::Queue(), std::move(body));
}

Future<Response> failed(headrace::Error error) {
  return Future<Response>(Result<Response>(std::unexpected(std::move(error))));
}

// The program may have freed it when this returns.
hr_future* start(Handle handle, Future<Response> call) noexcept {
  hr_future* const started = handle.release();
  started->start(std::move(call));
  return started;
}

// What an engine that is null makes of a request.
hr_future* refused() {
  return start(std::make_unique<hr_future>(nullptr, hr_future::Queue()),
               failed(headrace::c::invalid("the engine is null")));
}

// The futures of a batch, in its order: those of the requests that can be sent are the engine's.
std::vector<Future<Response>> submit(hr_engine& engine, std::vector<Given>& batch,
                                     const std::vector<std::shared_ptr<Body>>& bodies) {
  std::vector<Request> requests;
  std::vector<Future<Response>> futures(batch.size());
  requests.reserve(batch.size());
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (batch[i].request && bodies[i])
      futures[i] = headrace::c::stream(engine.engine, *batch[i].request, bodies[i]);
    else if (batch[i].request)
      requests.push_back(*std::move(batch[i].request));
    else
      futures[i] = failed(std::move(batch[i].request).error());
  }
  auto submitted = engine.engine.submit_all(requests);
  auto next = submitted.begin();
  for (Future<Response>& future : futures)
    if (!future.valid()) future = std::move(*next++);
  return futures;
}

void submit_all(hr_engine& engine, const hr_request* requests, std::size_t count,
                hr_future** futures) {
  std::vector<Given> batch;
  std::vector<Handle> handles;
  std::vector<std::shared_ptr<Body>> bodies;
  batch.reserve(count);
  bodies.reserve(count);
  handles.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    batch.push_back(headrace::c::read_request(requests, i));
    bodies.push_back(body_of(engine, batch.back()));
    handles.push_back(handle_of(engine, batch.back(), bodies.back()));
  }
  std::vector<Future<Response>> calls = submit(engine, batch, bodies);
  for (std::size_t i = 0; i < count; ++i) {
    futures[i] = handles[i].get();
    start(std::move(handles[i]), std::move(calls[i]));
  }
}

}  // namespace

hr_future* hr_engine_submit(hr_engine* engine, const hr_request* request) {
  try {
    if (engine == nullptr) return refused();
    Given given = headrace::c::read_request(request);
    const std::shared_ptr<Body> body = body_of(*engine, given);
    Handle handle = handle_of(*engine, given, body);
    Future<Response> call = !given.request ? failed(std::move(given.request).error())
                            : body ? headrace::c::stream(engine->engine, *given.request, body)
                                   : engine->engine.submit(*given.request);
    return start(std::move(handle), std::move(call));
  } catch (...) {  // out of memory
    return nullptr;
  }
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
