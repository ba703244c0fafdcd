#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "headrace/error.hpp"
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
template <class T>
class Future;

/// A request's body that is asked for piece by piece, as the server takes it. Nothing but the piece
/// under way is held.
struct BodySource {
  /// Gives the next piece; an empty one is the end, an Error fails the request and closes its
  /// connection. Called on the loop's thread, never again before the future it gave is ready: it
  /// must not block there. What is at hand is a ready future; what is not may be one of this engine
  /// or of another, such as `ResponseStream::read` gives.
  std::function<Future<std::string>()> next = {};
  /// How many bytes there will be, for Content-Length; none: they are sent chunked (RFC 9112 §7.1).
  std::optional<std::uint64_t> length = {};
  /// The fields behind a body without `length`, such as its digest (RFC 9112 §7.1.2). Asked for
  /// once, after the last piece, on the loop's thread: it must only look, and be quick. What
  /// frames, routes or authenticates a request has no place there (RFC 9110 §6.5.1) and fails it,
  /// as an exception does. A field "Trailer" that announces them is the caller's to add to the
  /// head.
  std::function<Headers()> trailers = {};
};

/// A file's bytes from its beginning, read on the loop's thread in pieces of 64 KiB. The error,
/// `invalid_argument` with the system's code, says why it can't be read.
HEADRACE_API Result<BodySource> body_from_file(const std::string& path);

/// One request. Host, Content-Length, Transfer-Encoding and Connection's framing are the engine's
/// to write.
struct Request {
  std::string method = "GET";
  std::string url =
      {};  ///< absolute http or https URL, or a path beginning with "/" after `Options::base_url`
  /// A Host of the caller's goes in place of the URL's; a proxy that is sent requests in absolute
  /// form has to overlook it (RFC 9112 §3.2.2).
  Headers headers = {};
  /// With a field "Expect: 100-continue" it waits for the server's leave, or for
  /// `Options::expect_timeout` (RFC 9110 §10.1.1), and the request travels alone.
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
  /// Instead of `body`, and with "Expect: 100-continue" as there. Such a request travels alone on
  /// its connection, and is not sent again once the source was asked.
  std::optional<BodySource> body_source = {};
};

}  // namespace headrace
