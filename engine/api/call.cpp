#include "engine/api/call.hpp"

#include <utility>

#include "engine/api/inbox.hpp"

namespace headrace::api {

void Call::cancel() noexcept {
  if (cancel_asked_.exchange(true)) return;
  inbox_->cancel(*this);
}

detail::Driver* Call::driver() const noexcept { return &inbox_->lease(); }

Error Call::forked_error() const {
  Error error = SharedState::forked_error();
  if (origin_) error.origin = http::to_string(*origin_);
  return error;
}

Error Call::refused(Error error) const {
  error.progress = Progress::queued;
  error.safe_to_repeat = true;
  if (error.origin.empty()) error.origin = http::to_string(*origin_);
  return error;
}

}  // namespace headrace::api
