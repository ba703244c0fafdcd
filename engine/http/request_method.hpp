#pragma once

#include "headrace/error.hpp"
#include "headrace/request.hpp"

namespace headrace::http {

// What a request's method says of it. Methods are case-sensitive (RFC 9110 §9.1): "get" is a
// method of its own, of which nothing is known.
struct MethodFacts {
  bool idempotent = false;           // RFC 9110 §9.2.2
  bool pipelined = false;            // shares a pipeline by default (S6)
  bool pipelined_by_option = false;  // with Options::pipeline_put_delete
  bool says_length = false;          // also that of no body: where one is the rule (RFC 9110 §8.6)
};

// Refuses what is no method, and what this engine cannot send.
Result<MethodFacts> check_method(const Request& request);

}  // namespace headrace::http
