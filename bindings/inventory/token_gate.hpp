#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace headrace::inventory {

/// Lets requests through only with a token, and sees to it that any number of requests refused at
/// the same time cause one login (S42).
///
/// A token's *epoch* is how many logins came before it. A request refused with the current token
/// has it renewed; one refused with an older token is merely late, and is sent again at once.
///
///     open (no login needed)
///     shut ──log in──▶ logging_in ──token──▶ open ──401, same epoch──▶ logging_in
///                           └──refused──▶ barred
class TokenGate {
 public:
  enum class State : std::uint8_t {
    open,        ///< requests may be sent
    shut,        ///< somebody must log in first
    logging_in,  ///< requests wait for the login's answer
    barred,      ///< a login was refused: requests fail with it, nobody tries again
  };
  enum class Advice : std::uint8_t {
    log_in,      ///< log in, and keep the request until the answer
    wait,        ///< keep the request: somebody is logging in
    send_again,  ///< there is a newer token already
    give_up,     ///< the refusal is the answer
  };

  explicit TokenGate(bool needs_login)
      : needs_login_(needs_login), state_(needs_login ? State::shut : State::open) {}

  State state() const noexcept { return state_; }
  std::uint64_t epoch() const noexcept { return epoch_; }
  std::string_view token() const noexcept { return token_; }

  /// A login was sent.
  void on_login_sent() noexcept { state_ = State::logging_in; }
  void on_token(std::string token);
  void on_login_refused() noexcept { state_ = State::barred; }

  /// A request of this epoch was answered with 401. Each is sent again at most once.
  Advice on_unauthorized(std::uint64_t epoch, bool sent_again) const noexcept;

 private:
  bool needs_login_;
  State state_;
  std::uint64_t epoch_ = 0;
  std::string token_ = {};
};

}  // namespace headrace::inventory
