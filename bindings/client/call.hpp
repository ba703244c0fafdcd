#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "bindings/client/core.hpp"
#include "bindings/client/redirect.hpp"
#include "headrace/client.hpp"

namespace headrace {

// One request of a client, from its first step to its last answer; the state of its future.
//
//     start ──▶ (needs a token?) ──▶ parked ──token──▶ sent ──answer──▶ finished
//                      └──────────────no──────────────▶ ┘ ▲      │
//                                                         └──────┘ 401 once, redirects
//
// - At any time one thread has the call: who submits it, then whoever brings what it waits for,
//   the loop with an answer or the gate with a token. What that thread alone uses has no lock.
// - Parked, nobody has it: whoever takes it off the gate's list does. That is the gate with a
//   token, the alarm at the deadline or after a cancel, or the client that closes.
// - Anybody may ask it to end. That goes to the step, and is looked at before the next.
class Client::Call final : public detail::State<ClientResponse>,
                           private detail::Watch,
                           private client::TokenGate::Waiter {
 public:
  Call(std::shared_ptr<Core> core, Request request);

  // By the submitting thread, once. From then on the call keeps itself until it is finished.
  void start() noexcept;

  void cancel() noexcept override;
  void close() noexcept;  // the client goes
  detail::Driver* driver() const noexcept override { return driver_; }

 private:
  // Of the thread that has the call. Each may hand it on: then it gives false and nothing here may
  // be touched any more.
  Result<void> begin();
  void go(detail::Batch& batch) noexcept;
  bool step(detail::Batch& batch);
  bool get_token(detail::Batch& batch);
  bool park(client::TokenGate& gate, detail::Batch& batch);
  bool on_answer(Result<Response> answer, detail::Batch& batch);

  // Of that thread, too.
  Future<Response> submit();
  Headers fields() const;
  void add_cookies(Headers& fields) const;
  void store_cookies(const Response& answer);
  bool asks_for_credentials(const Response& answer) const noexcept;
  void follow(client::Redirect redirect);
  Result<ClientResponse> final_answer(Response answer);
  Result<void> take_codings_off(Response& answer) const;
  Error in_context(Error error) const;
  Error reason_to_end() const;
  void finish(Result<ClientResponse> result, detail::Batch& batch) noexcept;

  // Of any thread.
  bool is_to_end() const noexcept;
  void ask_to_end(ErrorCode code) noexcept;
  void wake_at(client::Alarm::Time time);
  void unpark() noexcept;
  void end_if_parked() noexcept;

  void on_ready(detail::Batch& batch) noexcept override { batch.call_later(*this); }
  void run(detail::Batch& batch) noexcept override;
  void on_token(const Result<client::Token>& token, detail::Batch& batch) noexcept override;

  std::shared_ptr<Core> core_;  // till it is finished
  Request request_;             // what is left of it after redirects; its headers are its own ones
  const bool safe_to_repeat_;   // as it was given
  std::optional<detail::Clock::time_point> deadline_;
  client::Url url_;
  client::Origin home_;  // where default credentials belong
  unsigned redirects_ = 0;
  std::string not_followed_;
  bool answered_ = false;
  bool sent_again_ = false;  // for a new token
  std::optional<client::Token> token_;
  std::uint64_t refused_epoch_ = 0;

  detail::Driver* driver_ = nullptr;  // set before anybody else sees the call
  detail::Ref<detail::SharedState> driver_keeper_;

  mutable std::mutex mutex_;  // guards what follows; nothing is called with it but cancel
  Future<Response> step_;
  std::shared_ptr<client::TokenGate> parked_at_;
  std::optional<ErrorCode> end_asked_;
  bool finished_ = false;
};

}  // namespace headrace
