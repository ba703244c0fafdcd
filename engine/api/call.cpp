#include "engine/api/call.hpp"

#include <utility>

#include "engine/api/inbox.hpp"

namespace headrace::api {

void Call::cancel() noexcept {
  if (cancel_asked_.exchange(true)) return;
  inbox().cancel(*this);
}

// Whoever asks is going to wait, perhaps for one that was only enqueued.
detail::Driver* Call::driver() const noexcept {
  inbox().flush();
  return &inbox().lease();
}

Error Call::forked_error() const {
  Error error = SharedState::forked_error();
  if (const auto& site = destination_->site()) error.origin = http::to_string(site->origin);
  return error;
}

Error Call::refused(Error error) const {
  error.progress = Progress::queued;
  error.safe_to_repeat = true;
  if (error.origin.empty()) error.origin = http::to_string(destination_->site()->origin);
  return error;
}

}  // namespace headrace::api
