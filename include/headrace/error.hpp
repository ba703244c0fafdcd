#pragma once

#include <cstdint>
#include <exception>
#include <expected>
#include <string>
#include <string_view>

#include "headrace/export.hpp"

namespace headrace {

/// What went wrong. The names are stable: they are what logs, metrics and the line protocol show.
enum class ErrorCode : std::uint8_t {
  invalid_argument,  ///< the request or an option was refused before anything was queued
  queue_full,        ///< the origin's queue is at its bound (`Options::queue_requests_max`,
                     ///< `queue_bytes_max`)
  closed,            ///< the engine was shut down before the request finished
  cancelled,         ///< the caller cancelled, or dropped the future
  timed_out,         ///< the request's deadline passed, wherever it was
  resolve_failed,    ///< the host's name has no address
  connect_failed,    ///< no address accepted a connection
  connect_timeout,   ///< connecting took longer than `Options::connect_timeout` or `tls_timeout`
  tls_failed,        ///< the TLS handshake failed; see `Error::detail` for the certificate and why
  proxy_failed,      ///< the proxy refused a way to the origin, with the status that `detail` says
  connection_lost,   ///< the connection ended before the response was complete
  protocol_error,  ///< the response broke RFC 9112 in a way that must not be repaired, or its body
                   ///< is not in the content coding it is said to have
  head_too_large,  ///< the response's header section is over its limit in bytes or fields
  body_too_large,  ///< the response's body is over `Options::body_bytes_max`, or grows over
                   ///< `DecodeLimits` when it is decoded
  informational_flood,  ///< more 1xx responses than `Options::informational_max`
  stalled,              ///< nothing moved within `Options::write_timeout`, `first_byte_timeout` or
                        ///< `body_timeout`; the phase tells which
  desync,        ///< the server answered before it had the whole request: answers may be shifted
  wrong_answer,  ///< the caller's check (`Request::verify`) refused the answer
  retry_suppressed,  ///< it might have been sent again, but too much has been lately at this origin
  forked,            ///< made before a fork, and this is the child: see `Engine`
  internal,          ///< a defect of headrace: please report it
};

/// Where the request was when it failed. The order is the order of a request's life.
enum class Phase : std::uint8_t { queue, resolve, connect, tls, write, wait, headers, body };

/// How far the request had come, never understated: `queued` means that no byte of it reached the
/// network, so that any request may be sent again safely; `sent` that some did; `responding` that
/// part of a response arrived.
enum class Progress : std::uint8_t { queued, sent, responding };

HEADRACE_API std::string_view name_of(ErrorCode code) noexcept;  ///< "connection_lost", ...
HEADRACE_API std::string_view name_of(Phase phase) noexcept;
HEADRACE_API std::string_view name_of(Progress progress) noexcept;

/// A failure as a value. Bytes from the peer appear in `detail` escaped and cut; secrets never do.
struct Error {
  ErrorCode code = ErrorCode::internal;
  Phase phase = Phase::queue;
  Progress progress = Progress::queued;
  unsigned attempts = 0;  ///< how many times the request was written to a connection
  bool safe_to_repeat =
      false;  ///< the method is idempotent, the caller allowed it, or nothing was sent
  int system_code =
      0;  ///< errno or libuv's negative code, or OpenSSL's packed error; 0 when there is none
  std::uint64_t connection_id =
      0;  ///< the last connection it was on, unique within the engine; 0 when there was none
  std::string origin = {};  ///< "https://cloud.example:443"; empty when the URL did not give one
  std::string detail = {};  ///< one sentence for a person, without a final full stop

  friend bool operator==(const Error&, const Error&) = default;
};

/// "connection_lost: the server closed the connection (https://cloud.example:443, sent, 3
/// attempts)"
HEADRACE_API std::string to_string(const Error& error);

template <class T>
using Result = std::expected<T, Error>;

/// What `Future::get` throws.
class HEADRACE_API Exception : public std::exception {
 public:
  explicit Exception(Error error);
  const char* what() const noexcept override;
  const Error& error() const noexcept { return error_; }

 private:
  Error error_;
  std::string text_;
};

}  // namespace headrace
