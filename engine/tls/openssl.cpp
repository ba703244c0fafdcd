#include "engine/tls/openssl.hpp"

#include <openssl/err.h>

#include <system_error>
#include <utility>

#include "engine/tls/text.hpp"

namespace headrace::tls {

namespace {

std::string reason_of(unsigned long code) {
  if (ERR_SYSTEM_ERROR(code)) return std::generic_category().message(ERR_GET_REASON(code));
  const char* reason = ERR_reason_error_string(code);
  return reason != nullptr ? printable(reason) : "OpenSSL error " + std::to_string(code);
}

}  // namespace

// Clearing an empty queue costs more than encrypting a request.
void clear_errors() noexcept {
  if (ERR_peek_error() != 0) ERR_clear_error();
}

QueuedError take_queued_error() {
  const unsigned long code = ERR_peek_error();
  QueuedError taken{.code = code, .reason = {}};
  if (code != 0) {
    taken.reason = reason_of(code);
  }
  clear_errors();
  return taken;
}

Error error_from_queue(ErrorCode code, Phase phase, std::string detail) {
  const QueuedError queued = take_queued_error();
  if (!queued.reason.empty()) detail += " (" + queued.reason + ")";
  return {.code = code,
          .phase = phase,
          .system_code = static_cast<int>(queued.code),
          .detail = std::move(detail)};
}

}  // namespace headrace::tls
