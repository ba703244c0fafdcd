#pragma once

#include <memory>
#include <optional>

#include "bindings/c/ready_queue.hpp"
#include "headrace/detail/state.hpp"
#include "headrace/engine.hpp"

namespace headrace::c {

// The body behind a streamed future's head. It goes with that future, which gives up the rest.
struct Body {
  explicit Body(detail::Ref<ReadyQueue> given) noexcept : queue(std::move(given)) {}

  const detail::Ref<ReadyQueue> queue;   // for reads that are to be announced
  std::optional<ResponseStream> stream;  // once the head is there
};

// Ready with the head, when the body can be read.
Future<Response> stream(Engine& engine, const Request& request, const std::shared_ptr<Body>& body);

// A piece as a response's body: status 0, and with the last, empty one the trailers.
Future<Response> read(const std::shared_ptr<Body>& body);

}  // namespace headrace::c
