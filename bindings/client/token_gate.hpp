#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "headrace/client/auth.hpp"

namespace headrace::client {

// Credentials, and which refresh they came of: the first, the second, ...
struct Token {
  std::string authorization;
  std::uint64_t epoch = 0;
};

// Where the requests of one origin get what its AuthProvider gives, and wait for it. However many
// come, the provider is asked once for each epoch (S42).
//
//     no token ──enter──▶ refreshing ──token──▶ token ──enter, its epoch refused──▶ refreshing
//                              └──error──▶ as before; who waits has it
class TokenGate : public std::enable_shared_from_this<TokenGate> {
 public:
  class Waiter {
   public:
    // Once, when what it waits for is here. It was taken off the list before.
    virtual void on_token(const Result<Token>& token, detail::Batch& batch) noexcept = 0;

   protected:
    ~Waiter() = default;
  };

  explicit TokenGate(std::shared_ptr<AuthProvider> provider) : provider_(std::move(provider)) {}

  // A token of after this epoch, where there is one.
  std::optional<Token> newer_than(std::uint64_t refused_epoch) const;

  // The same, or else the waiter is on the list, and may have been told by the time this returns.
  std::optional<Token> enter(Waiter& waiter, std::uint64_t refused_epoch, detail::Batch& batch);

  // Takes a waiter off the list; false when it is not there: it was told, or is being told.
  bool leave(Waiter& waiter);

  // Asks a refresh that is under way to end.
  void close() noexcept;

 private:
  class Refresh;

  void refresh(detail::Batch& batch) noexcept;
  void on_refreshed(Result<std::string> authorization, detail::Batch& batch) noexcept;

  const std::shared_ptr<AuthProvider> provider_;
  mutable std::mutex mutex_;  // guards what follows
  std::optional<Token> token_;
  std::uint64_t epoch_ = 0;
  bool refreshing_ = false;
  std::shared_ptr<Refresh> under_way_;
  std::vector<Waiter*> waiters_;
};

}  // namespace headrace::client
