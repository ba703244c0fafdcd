#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/instant.hpp"
#include "headrace/request.hpp"
#include "headrace/response.hpp"

namespace headrace::test {

// "submit a GET http://h/a body=3 ...", in words.
struct SubmittedRequest {
  Request request;
  std::optional<Duration> timeout = {};
  std::function<bool(const Response&)> verify = {};
  bool streamed = false;
};
SubmittedRequest read_submit(const std::vector<std::string>& words);

}  // namespace headrace::test
