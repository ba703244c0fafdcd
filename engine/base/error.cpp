#include "headrace/error.hpp"

#include <string>
#include <utility>

namespace headrace {

// No default below: a new enumerator without a name is a warning, and warnings are errors.

std::string_view name_of(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::invalid_argument:
      return "invalid_argument";
    case ErrorCode::queue_full:
      return "queue_full";
    case ErrorCode::closed:
      return "closed";
    case ErrorCode::cancelled:
      return "cancelled";
    case ErrorCode::timed_out:
      return "timed_out";
    case ErrorCode::resolve_failed:
      return "resolve_failed";
    case ErrorCode::connect_failed:
      return "connect_failed";
    case ErrorCode::connect_timeout:
      return "connect_timeout";
    case ErrorCode::tls_failed:
      return "tls_failed";
    case ErrorCode::proxy_failed:
      return "proxy_failed";
    case ErrorCode::connection_lost:
      return "connection_lost";
    case ErrorCode::protocol_error:
      return "protocol_error";
    case ErrorCode::head_too_large:
      return "head_too_large";
    case ErrorCode::body_too_large:
      return "body_too_large";
    case ErrorCode::informational_flood:
      return "informational_flood";
    case ErrorCode::stalled:
      return "stalled";
    case ErrorCode::desync:
      return "desync";
    case ErrorCode::wrong_answer:
      return "wrong_answer";
    case ErrorCode::retry_suppressed:
      return "retry_suppressed";
    case ErrorCode::forked:
      return "forked";
    case ErrorCode::internal:
      return "internal";
  }
  return "internal";  // a number that names no code, which only a cast can make
}

std::string_view name_of(Phase phase) noexcept {
  switch (phase) {
    case Phase::queue:
      return "queue";
    case Phase::resolve:
      return "resolve";
    case Phase::connect:
      return "connect";
    case Phase::tls:
      return "tls";
    case Phase::write:
      return "write";
    case Phase::wait:
      return "wait";
    case Phase::headers:
      return "headers";
    case Phase::body:
      return "body";
  }
  return "queue";
}

std::string_view name_of(Progress progress) noexcept {
  switch (progress) {
    case Progress::queued:
      return "queued";
    case Progress::sent:
      return "sent";
    case Progress::responding:
      return "responding";
  }
  return "queued";
}

std::string to_string(const Error& error) {
  std::string text{name_of(error.code)};
  if (!error.detail.empty()) text.append(": ").append(error.detail);
  text.append(" (");
  if (!error.origin.empty()) text.append(error.origin).append(", ");
  text.append(name_of(error.progress));
  if (error.attempts != 0)
    text.append(", ")
        .append(std::to_string(error.attempts))
        .append(error.attempts == 1 ? " attempt" : " attempts");
  text.append(")");
  return text;
}

Exception::Exception(Error error) : error_(std::move(error)), text_(to_string(error_)) {}

const char* Exception::what() const noexcept { return text_.c_str(); }

}  // namespace headrace
