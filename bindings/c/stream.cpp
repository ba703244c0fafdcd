#include <memory>
#include <utility>

#include "bindings/c/future.hpp"
#include "bindings/c/structs.hpp"

hr_future* hr_future_read(hr_future* streamed, bool announce, void* user_data) {
  using namespace headrace;
  try {
    const bool open = streamed != nullptr && streamed->body() != nullptr;
    auto handle = std::make_unique<hr_future>(
        user_data, open && announce ? streamed->queue_of_reads() : hr_future::Queue());
    Future<Response> piece = open ? streamed->body()->read()
                                  : Future<Response>(Result<Response>(std::unexpected(c::invalid(
                                        "there is no body to read: the future is null, not ready, "
                                        "an error, or hr_request.streamed was 0"))));
    hr_future* const started = handle.release();
    started->start(std::move(piece));
    return started;
  } catch (...) {  // out of memory
    return nullptr;
  }
}
