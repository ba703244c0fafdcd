#pragma once

// Private to engine/io.

#include <uv.h>

#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "engine/io/connection.hpp"
#include "engine/io/guarded.hpp"
#include "engine/io/loop.hpp"
#include "engine/io/tls_contexts.hpp"

namespace headrace::io {

// One iteration of libuv's loop, and what of it is ours:
//
//     timers             on_timer: core.on_tick
//     idle               nothing; it is active while a poll must not wait (failing_)
//     prepare            turn(), for what the timers and completed writes fed to the core; TLS
//                        connections that have nothing to do give back memory
//     poll               sockets, the resolver and wake-ups feed the core
//     check              connections whose writing failed end if the poll was silent; turn()
//     closing            memory of closed handles goes
//
// Callbacks only feed the core. Its actions are performed in turn(), where no connection is on the
// stack: it is the only place that destroys them.
class Loop::Impl final : ConnectionEvents {
 public:
  Impl(const Options& options, Host& host, unsigned number);
  ~Impl();

  Result<void> open();
  void run();
  void stop();
  bool over() const;
  bool look(bool may_stop);
  void stop_after(std::optional<Duration> limit);
  void wake();
  const core::Core& core() const { return core_; }

 private:
  using Connections = std::unordered_map<ConnectionId, std::unique_ptr<Connection>>;

  void on_connected(ConnectionId id) override;
  void on_dialled(ConnectionId id, Result<void> outcome) override;
  void on_written(ConnectionId id, std::size_t count) override;
  bool on_received(ConnectionId id, Bytes bytes) override;
  std::optional<std::size_t> receive(ConnectionId id, core::Unread& unread) override;
  void on_drained(ConnectionId id) override { drained_.push_back(id); }
  void on_closed(ConnectionId id, Result<void> how) override;
  void on_write_failed(ConnectionId id) override;

  // The body of a callback of a handle of ours.
  template <auto Member, class Handle>
  static void call(Handle* handle) {
    guarded(handle->loop, [&] { (static_cast<Impl*>(handle->data)->*Member)(); });
  }

  void run_libuv(uv_run_mode mode);
  bool something_came() const;
  int make_loop();
  void on_wake();
  void on_timer();
  void on_prepare();
  void on_check();

  void turn();
  bool hand_over_parts();
  void perform(const core::Dial& dial);
  void perform(const core::Write& write);
  void perform(const core::Pull& pull);
  void perform(const core::Read& read);
  void perform(const core::Close& close);
  Result<TlsChoice> choose_tls(const http::Origin& origin);
  void end_silent_ones();
  void rest_drained_ones();
  void arm_timer();
  void close_handles();

  // One reading a turn: valid from the first event after a poll to the next poll.
  Instant now();
  void forget(ConnectionId id);

  const Options options_;
  Host& host_;
  core::Core core_;

  uv_loop_t loop_ = {};
  uv_async_t async_ = {};
  uv_timer_t timer_ = {};
  uv_timer_t limit_ = {};  // of whoever runs the loop
  uv_idle_t idle_ = {};
  uv_prepare_t prepare_ = {};
  uv_check_t check_ = {};
  bool loop_made_ = false;
  bool stopping_ = false;
  bool hearing_ = false;  // in look(), which takes the mail itself
  LoopNotes notes_;
  bool handles_open_ = false;

  bool fed_ = false;  // the core was, since the last turn
  std::optional<Instant> now_;
  Instant polled_at_ = {};
  std::optional<Instant> armed_;  // what the timer is set to

  std::vector<core::Part> parts_;              // of the last turn; kept for its memory
  std::vector<core::Completion> completions_;  // ... as are these
  std::unique_ptr<char[]> received_;
  std::unique_ptr<char[]> decrypted_;  // once there is a TLS connection
  std::unique_ptr<char[]> unveiled_;   // if there is an https proxy
  TlsContexts tls_;
  http::Proxies proxies_;
  std::optional<AddressBook> addresses_;
  Surroundings surroundings_;
  Connections connections_;                         // die before tls_
  std::vector<std::unique_ptr<Connection>> ended_;  // reported; destroyed at the end of a turn
  std::vector<ConnectionId> failing_;               // writing failed, reading goes on
  std::vector<ConnectionId> drained_;               // since the last poll
};

}  // namespace headrace::io
