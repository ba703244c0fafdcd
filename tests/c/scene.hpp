#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "headrace/headrace.h"
#include "tests/support/answers.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/patience.hpp"
#include "tests/support/scripted_server.hpp"

// What the tests of the C ABI share. They use the library as a program in C does, by its header.
namespace headrace::test {

template <auto free>
struct Freeing {
  void operator()(auto* handle) const { free(handle); }
};
using EngineHandle = std::unique_ptr<hr_engine, Freeing<hr_engine_free>>;
using FutureHandle = std::unique_ptr<hr_future, Freeing<hr_future_free>>;
using ErrorHandle = std::unique_ptr<hr_error, Freeing<hr_error_free>>;
using TextHandle = std::unique_ptr<char, Freeing<hr_text_free>>;

inline hr_str str(std::string_view text) { return {text.data(), text.size()}; }
inline std::string text(hr_str str) {
  return str.data == nullptr ? "" : std::string(str.data, str.size);
}

inline hr_options options() {
  hr_options options{};
  options.struct_size = sizeof(options);
  return options;
}

// As long as the URL lives.
inline hr_request get(const std::string& url) {
  hr_request request{};
  request.struct_size = sizeof(request);
  request.url = str(url);
  return request;
}

inline EngineHandle engine(const hr_options& options) {
  hr_error* error = nullptr;
  EngineHandle made(hr_engine_create(&options, &error));
  const ErrorHandle freed(error);
  if (!made) FAIL(text(error->text));
  return made;
}
inline EngineHandle engine() { return engine(options()); }

// Why there is no such engine.
inline std::string refusal(const hr_options& options) {
  hr_error* error = nullptr;
  const EngineHandle made(hr_engine_create(&options, &error));
  const ErrorHandle freed(error);
  return error == nullptr ? "made" : text(error->text);
}

inline FutureHandle submit(const EngineHandle& engine, const hr_request& request) {
  return FutureHandle(hr_engine_submit(engine.get(), &request));
}

// The body of a call that must succeed; else its error's text, which no test expects.
inline std::string body_of(const FutureHandle& future) {
  REQUIRE(hr_future_wait(future.get(), HR_NONE) == HR_WAIT_READY);
  const hr_response* const response = hr_future_response(future.get());
  return text(response != nullptr ? response->body : hr_future_error(future.get())->text);
}

// The error of a call that must fail.
inline const hr_error& error_of(const FutureHandle& future) {
  REQUIRE(hr_future_wait(future.get(), HR_NONE) == HR_WAIT_READY);
  CHECK(hr_future_response(future.get()) == nullptr);
  REQUIRE(hr_future_error(future.get()) != nullptr);
  return *hr_future_error(future.get());
}

// For ScriptedServer::serve: answers each request with its own target.
inline void echo_targets(Peer& peer) {
  for (;;) peer.send(ok(peer.read_request().target));
}

}  // namespace headrace::test
