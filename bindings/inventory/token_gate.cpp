#include "bindings/inventory/token_gate.hpp"

#include <utility>

namespace headrace::inventory {

void TokenGate::on_token(std::string token) {
  token_ = std::move(token);
  state_ = State::open;
  ++epoch_;
}

TokenGate::Advice TokenGate::on_unauthorized(std::uint64_t epoch, bool sent_again) const noexcept {
  if (!needs_login_ || sent_again || state_ == State::barred) return Advice::give_up;
  if (state_ == State::logging_in || state_ == State::shut) return Advice::wait;
  return epoch == epoch_ ? Advice::log_in : Advice::send_again;
}

}  // namespace headrace::inventory
