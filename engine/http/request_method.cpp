#include "engine/http/request_method.hpp"

#include <algorithm>
#include <string_view>

#include "engine/http/grammar.hpp"
#include "engine/http/refusal.hpp"

namespace headrace::http {
namespace {

struct Row {
  std::string_view method;
  MethodFacts facts;
};

// TRACE echoes and harms nobody, but no server expects it in a pipeline.
constexpr Row rows[] = {
    {"GET", {.idempotent = true, .pipelined = true}},
    {"HEAD", {.idempotent = true, .pipelined = true}},
    {"OPTIONS", {.idempotent = true, .pipelined = true}},
    {"TRACE", {.idempotent = true}},
    {"PUT", {.idempotent = true, .pipelined_by_option = true, .says_length = true}},
    {"DELETE", {.idempotent = true, .pipelined_by_option = true}},
    {"POST", {.says_length = true}},
    {"PATCH", {.says_length = true}},
};

}  // namespace
}  // namespace headrace::http

bool headrace::is_idempotent(std::string_view method) noexcept {
  using headrace::http::rows;
  return std::ranges::any_of(
      rows, [&](const auto& row) { return row.method == method && row.facts.idempotent; });
}

namespace headrace::http {

Result<MethodFacts> check_method(const Request& request) {
  if (request.method == rows[0].method) return rows[0].facts;  // nearly all are GETs
  if (!is_token(request.method))
    return refused("the method is not a token: letters, digits and !#$%&'*+-.^_`|~ make one");
  if (request.method == "CONNECT")
    return refused("CONNECT is not a request to an origin: it is how a proxy is told to tunnel");
  // RFC 9110 §9.3.8.
  if (request.method == "TRACE" && (!request.body.empty() || request.body_source))
    return refused("a TRACE request cannot have a body");
  for (const Row& row : rows)
    if (row.method == request.method) return row.facts;
  return MethodFacts{};
}

}  // namespace headrace::http
