#include "engine/api/call.hpp"

#include <utility>

#include "engine/api/inbox.hpp"

namespace headrace::api {

void Call::cancel() noexcept {
  if (cancel_asked_.exchange(true)) return;
  inbox_->cancel(*this);
}

Error Call::refused(Error error) const {
  error.progress = Progress::queued;
  error.safe_to_repeat = true;
  if (error.origin.empty()) error.origin = http::to_string(*origin_);
  return error;
}

}  // namespace headrace::api
