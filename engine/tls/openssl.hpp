#pragma once

// Private to engine/tls: the owners of OpenSSL's objects, and its error queue as one value.

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>

#include "headrace/error.hpp"

namespace headrace::tls {

template <auto free>
struct Freed {
  template <class T>
  void operator()(T* thing) const noexcept {
    free(thing);
  }
};

// The thread's queue of OpenSSL's errors must be empty before each call: an older entry, perhaps of
// a library in the same process, would be taken for the call's own.
void clear_errors() noexcept;

// What the queue says first, which is the cause. The queue is empty afterwards.
struct QueuedError {
  unsigned long code = 0;  // packed, 0 when the queue was empty
  std::string reason;      // "wrong version number", "sslv3 alert handshake failure"
};
QueuedError take_queued_error();

// `detail` followed by the reason in parentheses, with OpenSSL's packed code as system_code.
Error error_from_queue(ErrorCode code, Phase phase, std::string detail);

}  // namespace headrace::tls
