#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "headrace/headrace.hpp"
#include "tests/support/answers.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/patience.hpp"
#include "tests/support/scripted_server.hpp"

// What the loopback tests share. They use headrace as its users do, by the public headers only.
namespace headrace::test {

using Calls = std::vector<Future<Response>>;

// One connection, so that the server knows where each request will come.
inline Options on_one_connection(unsigned depth = 5) {
  return {.connections_max = 1, .pipeline_depth = depth};
}

inline Request get(const ScriptedServer& server, std::string_view path) {
  return {.url = server.url(path)};
}

inline Request post(const ScriptedServer& server, std::string_view path, std::string body = "x") {
  return {.method = "POST", .url = server.url(path), .body = std::move(body)};
}

// "/1" to "/count".
inline std::vector<Request> numbered_gets(const ScriptedServer& server, int count) {
  std::vector<Request> requests;
  for (int i = 1; i <= count; ++i) requests.push_back(get(server, "/" + std::to_string(i)));
  return requests;
}

// Their targets, for a comparison in one line.
inline std::vector<std::string> targets(const std::vector<ReceivedRequest>& requests) {
  std::vector<std::string> out;
  for (const ReceivedRequest& request : requests) out.push_back(request.target);
  return out;
}
using Targets = std::vector<std::string>;

// Accepts the first connection and answers a GET on it, after which it may be used to its depth.
inline Peer accept_proven(Engine& engine, ScriptedServer& server) {
  Future<Response> proof = engine.submit(get(server, "/proof"));
  Peer peer = server.accept();
  peer.read_request();
  peer.send(ok());
  proof.get();
  return peer;
}

// Lets the engine do all that it was going to do: a request to another server goes there and back,
// which takes several turns of the loop. What has not arrived after that was not sent.
inline void let_settle(Engine& engine) {
  for (int i = 0; i < 2; ++i) {
    ScriptedServer elsewhere;
    Future<Response> call = engine.submit(get(elsewhere, "/"));
    Peer peer = elsewhere.accept();
    peer.read_request();
    peer.send(ok("", "Connection: close\r\n"));
    call.get();
  }
}

// The error of a call that must fail.
inline Error error_of(Future<Response>& call) {
  Result<Response> result = call.wait();
  if (result) FAIL("expected an error, got status " << result->status << " " << result->body);
  return result.error();
}

inline ErrorCode code_of(Future<Response>& call) { return error_of(call).code; }

// The body of a call that must succeed; else its error's text, which no test expects.
inline std::string body_of(Future<Response>& call) {
  Result<Response> result = call.wait();
  return result ? std::move(result->body) : to_string(result.error());
}

// The call is asked on another connection, and gets the answer from there.
inline void check_asked_anew(ScriptedServer& server, std::string_view target,
                             Future<Response>& call) {
  Peer peer = server.accept();
  CHECK(peer.read_request().target == target);
  peer.send(ok(target));
  CHECK(body_of(call) == target);
}

}  // namespace headrace::test

template <>
struct Catch::StringMaker<headrace::ErrorCode> {
  static std::string convert(headrace::ErrorCode code) {
    return std::string(headrace::name_of(code));
  }
};
template <>
struct Catch::StringMaker<headrace::Phase> {
  static std::string convert(headrace::Phase phase) {
    return std::string(headrace::name_of(phase));
  }
};
template <>
struct Catch::StringMaker<headrace::Progress> {
  static std::string convert(headrace::Progress progress) {
    return std::string(headrace::name_of(progress));
  }
};
