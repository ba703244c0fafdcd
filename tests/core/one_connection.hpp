#pragma once

#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/core/core.hpp"
#include "engine/http/prepare.hpp"
#include "tests/support/catch.hpp"

namespace headrace::test {

// A core with one connection to one origin, whose kernel takes everything at once.
struct OneConnection {
  explicit OneConnection(const Options& options = {}) : core(options, 1) {}

  ExchangeId submit(Request request = {}, bool streamed = false) {
    request.url = "http://h/";
    const Result<ExchangeId> id = enqueue(request, streamed);
    REQUIRE(id);
    drain();
    return *id;
  }

  // Without what follows from it.
  Result<ExchangeId> enqueue(const Request& request = {.url = "http://h/"}, bool streamed = false) {
    auto prepared = http::prepare(request, http::Base{}, false);
    REQUIRE(prepared);
    return core.submit(now, {.prepared = std::move(*prepared), .streamed = streamed});
  }

  void receive(std::string_view bytes) {
    core.on_received(now, connection, bytes);
    drain();
  }

  void drain() {
    while (auto action = core.next_action()) {
      if (const auto* dial = std::get_if<core::Dial>(&*action)) {
        connection = dial->connection;
        core.on_dialled(now, connection, {});
      } else if (const auto* write = std::get_if<core::Write>(&*action)) {
        core.on_written(now, write->connection, write->bytes.size());
      } else if (std::holds_alternative<core::Pull>(*action)) {
        pulled = true;
      }
    }
    core.take_parts();
    for (core::Completion& completion : core.take_completions())
      results.push_back(completion.result.release());
  }

  core::Core core;
  Instant now{};
  ConnectionId connection;
  bool pulled = false;  // a piece of a request's body
  std::vector<core::AnswerPointer> results;
};

}  // namespace headrace::test
