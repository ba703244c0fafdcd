// The names and numbers of errors. The numbers are the C ABI's own: whoever puts an enumerator into
// the middle of a C++ one is told here.

#include <array>
#include <utility>

#include "headrace/error.hpp"
#include "headrace/headrace.h"
#include "headrace/log.hpp"

namespace {

using headrace::ErrorCode;
using headrace::LogLevel;
using headrace::Phase;
using headrace::Progress;

struct Code {
  ErrorCode code;
  hr_error_code number;
  const char* text;
};

constexpr std::array codes = {
    Code{ErrorCode::invalid_argument, HR_INVALID_ARGUMENT,
         "the request or an option was refused before anything was queued"},
    Code{ErrorCode::queue_full, HR_QUEUE_FULL, "too many requests wait for this origin already"},
    Code{ErrorCode::closed, HR_CLOSED, "the engine was shut down before the request finished"},
    Code{ErrorCode::cancelled, HR_CANCELLED, "the caller cancelled the request"},
    Code{ErrorCode::timed_out, HR_TIMED_OUT, "the request's deadline passed"},
    Code{ErrorCode::resolve_failed, HR_RESOLVE_FAILED, "the host's name has no address"},
    Code{ErrorCode::connect_failed, HR_CONNECT_FAILED, "no address accepted a connection"},
    Code{ErrorCode::connect_timeout, HR_CONNECT_TIMEOUT, "connecting took too long"},
    Code{ErrorCode::tls_failed, HR_TLS_FAILED,
         "the TLS handshake failed, or a file of the TLS options cannot be used"},
    Code{ErrorCode::proxy_failed, HR_PROXY_FAILED, "the proxy refused a way to the origin"},
    Code{ErrorCode::connection_lost, HR_CONNECTION_LOST,
         "the connection ended before the response was complete"},
    Code{ErrorCode::protocol_error, HR_PROTOCOL_ERROR,
         "the response broke the rules of HTTP/1.1 in a way that must not be repaired"},
    Code{ErrorCode::head_too_large, HR_HEAD_TOO_LARGE,
         "the response's header section is over its limit"},
    Code{ErrorCode::body_too_large, HR_BODY_TOO_LARGE, "the response's body is over its limit"},
    Code{ErrorCode::informational_flood, HR_INFORMATIONAL_FLOOD,
         "too many interim responses came before the final one"},
    Code{ErrorCode::stalled, HR_STALLED, "nothing moved for too long"},
    Code{ErrorCode::desync, HR_DESYNC,
         "the server answered before it had the whole request: answers may be shifted"},
    Code{ErrorCode::wrong_answer, HR_WRONG_ANSWER, "the caller's check refused the answer"},
    Code{ErrorCode::retry_suppressed, HR_RETRY_SUPPRESSED,
         "it might have been sent again, but too much has been lately at this origin"},
    Code{ErrorCode::forked, HR_FORKED,
         "the request was made before a fork and goes on in the parent"},
    Code{ErrorCode::internal, HR_INTERNAL, "a defect of headrace: please report it"},
};

// ErrorView counts on it.
constexpr bool in_order() {
  for (std::size_t i = 0; i < codes.size(); ++i)
    if (std::to_underlying(codes[i].code) != i ||
        codes[i].number != static_cast<hr_error_code>(i + 1))
      return false;
  return true;
}
static_assert(in_order() && codes.back().code == ErrorCode::internal);
static_assert(std::to_underlying(LogLevel::debug) == HR_LOG_DEBUG &&
              std::to_underlying(LogLevel::info) == HR_LOG_INFO &&
              std::to_underlying(LogLevel::warning) == HR_LOG_WARNING);
static_assert(std::to_underlying(Phase::queue) == HR_PHASE_QUEUE &&
              std::to_underlying(Phase::resolve) == HR_PHASE_RESOLVE &&
              std::to_underlying(Phase::connect) == HR_PHASE_CONNECT &&
              std::to_underlying(Phase::tls) == HR_PHASE_TLS &&
              std::to_underlying(Phase::write) == HR_PHASE_WRITE &&
              std::to_underlying(Phase::wait) == HR_PHASE_WAIT &&
              std::to_underlying(Phase::headers) == HR_PHASE_HEADERS &&
              std::to_underlying(Phase::body) == HR_PHASE_BODY);
static_assert(std::to_underlying(Progress::queued) == HR_QUEUED &&
              std::to_underlying(Progress::sent) == HR_SENT &&
              std::to_underlying(Progress::responding) == HR_RESPONDING);

const Code* code_of(hr_error_code number) noexcept {
  const bool known = number >= 1 && static_cast<std::size_t>(number) <= codes.size();
  return known ? &codes[static_cast<std::size_t>(number) - 1] : nullptr;
}

constexpr const char* unknown = "unknown";

}  // namespace

// name_of gives views of literals, which end with a zero.

const char* hr_error_code_name(hr_error_code code) {
  if (code == HR_OK) return "ok";
  if (code == HR_NO_MEMORY) return "no_memory";
  const Code* const known = code_of(code);
  return known != nullptr ? headrace::name_of(known->code).data() : unknown;
}

const char* hr_error_code_text(hr_error_code code) {
  if (code == HR_OK) return "nothing went wrong";
  if (code == HR_NO_MEMORY) return "there is no memory left for this";
  const Code* const known = code_of(code);
  return known != nullptr ? known->text : "this number is no error code of this version";
}

const char* hr_phase_name(hr_phase phase) {
  if (phase < HR_PHASE_QUEUE || phase > HR_PHASE_BODY) return unknown;
  return headrace::name_of(static_cast<Phase>(phase)).data();
}

const char* hr_log_level_name(hr_log_level level) {
  if (level < HR_LOG_DEBUG || level > HR_LOG_WARNING) return unknown;
  return headrace::name_of(static_cast<LogLevel>(level)).data();
}

const char* hr_progress_name(hr_progress progress) {
  if (progress < HR_QUEUED || progress > HR_RESPONDING) return unknown;
  return headrace::name_of(static_cast<Progress>(progress)).data();
}
