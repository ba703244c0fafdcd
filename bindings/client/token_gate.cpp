#include "bindings/client/token_gate.hpp"

#include <algorithm>
#include <utility>

namespace headrace::client {

// Watches what the provider promised, and keeps the gate and itself until it is there.
class TokenGate::Refresh final : public detail::Watch {
 public:
  Refresh(std::shared_ptr<TokenGate> gate, Future<std::string> promised)
      : gate_(std::move(gate)), promised_(std::move(promised)) {}

  // False when it is there already.
  bool start(const std::shared_ptr<Refresh>& self) {
    self_ = self;
    if (promised_.valid() && promised_.state()->subscribe(*this)) return true;
    self_.reset();
    return false;
  }

  Result<std::string> take() const {
    if (!promised_.valid()) return std::unexpected(detail::no_future_error());
    return promised_.peel();
  }
  void cancel() const noexcept { promised_.cancel(); }

 private:
  void on_ready(detail::Batch& batch) noexcept override { batch.call_later(*this); }
  void run(detail::Batch& batch) noexcept override {
    const auto self = std::move(self_);
    gate_->on_refreshed(take(), batch);
  }

  const std::shared_ptr<TokenGate> gate_;
  Future<std::string> promised_;  // stays to the end, a cancel may pass through at any time
  std::shared_ptr<Refresh> self_;
};

std::optional<Token> TokenGate::newer_than(std::uint64_t refused_epoch) const {
  const std::lock_guard lock(mutex_);
  return epoch_ > refused_epoch ? token_ : std::nullopt;
}

std::optional<Token> TokenGate::enter(Waiter& waiter, std::uint64_t refused_epoch,
                                      detail::Batch& batch) {
  const auto self = shared_from_this();  // the waiter may be all that kept it
  {
    const std::lock_guard lock(mutex_);
    if (epoch_ > refused_epoch) return token_;
    waiters_.push_back(&waiter);
    if (std::exchange(refreshing_, true)) return std::nullopt;
  }
  refresh(batch);
  return std::nullopt;
}

bool TokenGate::leave(Waiter& waiter) {
  const std::lock_guard lock(mutex_);
  return std::erase(waiters_, &waiter) > 0;
}

void TokenGate::close() noexcept {
  std::shared_ptr<Refresh> under_way;
  {
    const std::lock_guard lock(mutex_);
    under_way = under_way_;
  }
  if (under_way) under_way->cancel();
}

// The provider may answer at once, and what it throws is its answer.
void TokenGate::refresh(detail::Batch& batch) noexcept {
  Result<std::string> answer;
  try {
    const auto under_way = std::make_shared<Refresh>(shared_from_this(), provider_->refresh());
    {
      const std::lock_guard lock(mutex_);
      under_way_ = under_way;
    }
    if (under_way->start(under_way)) return;
    answer = under_way->take();
  } catch (...) {
    answer = std::unexpected(detail::error_of_current_exception());
  }
  on_refreshed(std::move(answer), batch);
}

void TokenGate::on_refreshed(Result<std::string> authorization, detail::Batch& batch) noexcept {
  std::vector<Waiter*> waiters;
  std::shared_ptr<Refresh> done;
  Result<Token> token = std::unexpected(Error{});
  {
    const std::lock_guard lock(mutex_);
    if (authorization) {
      token_ = Token{*std::move(authorization), ++epoch_};
      token = *token_;
    } else {
      token = std::unexpected(std::move(authorization.error()));
    }
    refreshing_ = false;
    done = std::move(under_way_);
    waiters.swap(waiters_);
  }
  for (Waiter* waiter : waiters) waiter->on_token(token, batch);
}

}  // namespace headrace::client
