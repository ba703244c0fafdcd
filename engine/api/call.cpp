#include "engine/api/call.hpp"

#include <utility>

#include "engine/api/inbox.hpp"

namespace headrace::api {

void Call::cancel() noexcept {
  if (cancel_asked_.exchange(true)) return;
  inbox().cancel(*this);
}

detail::Driver* Call::driver() const noexcept { return &inbox().lease(); }

Error Call::forked_error() const {
  Error error = SharedState::forked_error();
  if (const auto& origin = destination_->origin()) error.origin = http::to_string(*origin);
  return error;
}

Error Call::refused(Error error) const {
  error.progress = Progress::queued;
  error.safe_to_repeat = true;
  if (error.origin.empty()) error.origin = http::to_string(*destination_->origin());
  return error;
}

}  // namespace headrace::api
