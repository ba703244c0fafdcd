#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "headrace/export.hpp"
#include "headrace/headers.hpp"

namespace headrace {

/// May the engine write a request more than once, and share a pipeline?
enum class Repeat : std::uint8_t {
  by_method,  ///< as RFC 9110 §9.2.2 says of the method: GET, HEAD, OPTIONS, TRACE, PUT, DELETE
              ///< yes, others no
  allowed,  ///< yes: the caller knows that a second execution does no harm (a POST that only reads)
  forbidden,  ///< never
};

/// By RFC 9110 §9.2.2: GET, HEAD, OPTIONS, TRACE, PUT, DELETE. Methods are case-sensitive.
HEADRACE_API bool is_idempotent(std::string_view method) noexcept;

struct Response;

/// One request. Host, Content-Length, Transfer-Encoding and Connection's framing are the engine's
/// to write.
struct Request {
  std::string method = "GET";
  std::string url =
      {};  ///< absolute http or https URL, or a path beginning with "/" after `Options::base_url`
  Headers headers = {};
  std::string body = {};
  std::optional<std::chrono::milliseconds> timeout =
      {};  ///< instead of `Options::timeout`; 0: none
  Repeat repeat = Repeat::by_method;
  bool bulk = false;  ///< a large or slow answer is expected: never joins or heads a pipeline
  /// Is this answer mine? For servers behind intermediaries that swap answers, which look honest on
  /// the wire. A *no* closes the connection, takes the origin off pipelining and sends the request
  /// again if it may be repeated. Called on the loop's thread before the future completes: it must
  /// only look, and be quick; an exception is a *no*.
  std::function<bool(const Response&)> verify = {};
};

}  // namespace headrace
