#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "headrace/headers.hpp"

namespace headrace {

/// Where a request's time went. A phase that did not happen is absent.
struct Timings {
  std::chrono::nanoseconds queued{0};  ///< from submit to the last time it was written
  std::optional<std::chrono::nanoseconds>
      connect{};  ///< dialling, when this request was the first on its connection
  std::chrono::nanoseconds first_byte{0};  ///< from the last write to the response's first byte
  std::chrono::nanoseconds total{0};       ///< from submit to the response's last byte
};

/// One final response. Any status is a value, not an error.
struct Response {
  int status = 0;
  int http_minor = 1;  ///< 1 for HTTP/1.1, 0 for HTTP/1.0
  std::string reason = {};
  Headers headers = {};
  Headers trailers = {};
  std::string body =
      {};  ///< capacity is at least size + 64, so that a SIMD parser may read past the end
  Timings timings = {};
  unsigned attempts = 0;            ///< how many times the request was written
  std::uint64_t connection_id = 0;  ///< which connection answered, unique within the engine
  bool suspect =
      false;  ///< the connection was found shifted before this was handed over: it may be another
              ///< request's answer (`OriginStats::suspect_connections` tells what came too late)
};

}  // namespace headrace
