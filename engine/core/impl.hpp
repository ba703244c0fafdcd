#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/base/slab.hpp"
#include "engine/base/splitmix.hpp"
#include "engine/core/admission.hpp"
#include "engine/core/connection.hpp"
#include "engine/core/core.hpp"
#include "engine/core/exchange.hpp"
#include "engine/core/origin_rules.hpp"
#include "engine/core/origin_state.hpp"
#include "engine/core/resend.hpp"
#include "engine/core/timers.hpp"

namespace headrace::core {

// How a connection ended, as far as those on it are concerned.
struct Loss {
  ErrorCode code = ErrorCode::connection_lost;
  std::string detail = {};
  int system_code = 0;
  bool accepted_is_final =
      false;  // on_written has told all: what was handed over but not accepted never left
  bool announced = false;   // the peer said so, and is not spared by sending again slowly (S16)
  bool ours = false;        // we gave it up ourselves
  bool charge_head = true;  // the loss may be the head's doing
  bool trouble = true;  // it came unannounced: the origin's next connection starts with care (S10)
};

// What takes too long on a connection (overdue.cpp).
enum class Overdue : std::uint8_t {
  nothing,
  connecting,
  handshake,
  idle,
  write,
  leave,  // to send the body (Expect)
  first_byte,
  body,
  draining,
  slow,  // silent for longer than this origin usually is, with others waiting behind
  hung,  // ... for longer than the options allow
};
struct Limit {
  Overdue what = Overdue::nothing;
  Instant at = Instant::max();
};

// One class, a room for each of its concerns: the way in and out (submit.cpp, complete.cpp), who
// goes where (place.cpp, allowance.cpp, dial.cpp, write.cpp), answers (receive.cpp, answer.cpp,
// body.cpp, stream.cpp, batch.cpp, again.cpp), trouble (loss.cpp, hang.cpp, suspicion.cpp,
// abandon.cpp, overdue.cpp, tick.cpp, shutdown.cpp) and what others may know of it (report.cpp).
// The decisions themselves are pure: admission, resend, dialling, profile, response_times,
// token_bucket.
class Core::Impl {
 public:
  Impl(const Options& options, std::uint64_t seed, unsigned number);

  Result<ExchangeId> submit(Instant now, Submission&& submission);
  void cancel(Instant now, ExchangeId id);
  void on_connected(Instant now, ConnectionId id);
  void on_dialled(Instant now, ConnectionId id, Result<void> outcome);
  void on_written(Instant now, ConnectionId id, std::size_t count);
  bool on_received(Instant now, ConnectionId id, Bytes bytes);
  std::optional<std::size_t> receive(Instant now, ConnectionId id, std::uint64_t least,
                                     Unread& unread);
  void on_body(Instant now, ExchangeId id, Result<std::string> piece, std::string_view trailers);
  void on_consumed(Instant now, ExchangeId id, std::size_t count);
  void on_closed(Instant now, ConnectionId id, Result<void> how);
  void on_tick(Instant now);
  void shut_down(Instant now, Duration grace);

  std::optional<Action> next_action();
  bool has_parts() const noexcept { return !parts_.empty(); }
  std::vector<Part> take_parts(std::vector<Part> spare);
  std::vector<Completion> take_completions(std::vector<Completion> spare);
  std::optional<Instant> next_deadline() const { return timers_.earliest(); }
  bool finished() const;
  Stats stats() const;
  std::string profiles() const;

 private:
  // submit.cpp: the way in
  OriginState& origin_for(const http::Site& wanted);
  OriginState& add_origin(const http::Site& wanted);
  void forget_idle_origin();
  static void own_rest(const OriginState& origin, http::Prepared& prepared);
  bool has_room(const OriginState& origin, std::size_t bytes) const noexcept {
    return origin.waiting() + origin.paused < options_.queue_requests_max &&
           origin.queued_bytes <= options_.queue_bytes_max &&
           bytes <= options_.queue_bytes_max - origin.queued_bytes;
  }
  static Error queue_full(const OriginState& origin);
  void enqueue_back(OriginState& origin, Exchange& exchange);
  void enqueue_front(OriginState& origin, Exchange& exchange);
  void dequeue(OriginState& origin, Exchange& exchange);
  void leave_queue(Exchange& exchange);

  // complete.cpp: the way out
  void complete(Exchange& exchange, Outcome outcome);
  void count(OriginState& origin, const Exchange& exchange, const Outcome& outcome);
  void fail(Exchange& exchange, ErrorCode code, std::string detail, int system_code = 0);
  Error error_for(const Exchange& exchange, ErrorCode code, std::string detail) const;
  Phase phase_of(const Exchange& exchange) const;

  // place.cpp: which request goes to which connection
  void touch(OriginState& origin);
  void pump(OriginState& origin);
  void drop_worn_out(OriginState& origin);
  void drop_idle(OriginState& origin);
  void fill_idle(OriginState& origin);
  void fill_pipelines(OriginState& origin);
  void reserve_for_solo(OriginState& origin);
  Connection* best_idle(const OriginState& origin);
  void note_candidates(const OriginState& origin);
  Connection* soonest_idle(const OriginState& origin);
  PipelineFacts facts(const OriginState& origin, const Connection& connection) const;
  bool worn_out(const OriginState& origin, const Connection& connection) const;
  std::size_t requests_left(const OriginState& origin, const Connection& connection) const;
  Duration wait_at(const OriginState& origin, const Connection& connection) const;
  void place(OriginState& origin, Connection& connection, Exchange& exchange);

  // allowance.cpp: what the caller wants an origin to be spared
  // How many of the waiting requests may be started now: all, but for the caller's limits.
  std::size_t allowance(OriginState& origin) {
    return origin.is_limited() ? allowance_within_limits(origin) : origin.waiting();
  }
  std::size_t allowance_within_limits(OriginState& origin);
  void look_again_at(OriginState& origin, Instant at);

  // dial.cpp: making connections, and keeping count of them
  void dial_as_needed(OriginState& origin);
  bool make_room_for_connection();
  void dial(OriginState& origin);
  void dial_failed(Connection& connection, const Error& error, bool close);
  void fail_queue(OriginState& origin, const Error& error);
  void erase(Connection& connection, bool close);
  void wake_starved();
  bool become_idle(Connection& connection);

  // core.cpp: the way out of the core
  bool settle();
  bool is_current(const Action& action) const;

  // write.cpp: one contiguous write per connection and batch
  void flush_soon(Connection& connection);
  void flush(Connection& connection);
  void give_back(Connection& connection);
  void after_taking_back(Connection& connection);
  bool note_head_sent(Connection& connection) const;
  void expect_answer(Connection& connection);

  // receive.cpp, body.cpp: answers
  void take_events(Connection& connection, Bytes bytes);
  bool take_event(Connection& connection, Bytes& bytes);
  bool take_rest(Connection& connection, Bytes& bytes);
  bool take_stray_bytes(Connection& connection, Bytes bytes);
  bool on_answer_head(Connection& connection);
  bool on_answer_body(Connection& connection, Bytes data);
  void note_first_byte(Connection& connection, bool early);
  void note_keep_alive(Connection& connection, const Headers& headers);
  bool was_for_idling(Connection& connection);
  void make_last(Connection& connection);

  // answer.cpp: whole answers
  bool on_answer_end(Connection& connection, bool close);
  bool on_answer_failed(Connection& connection);
  AnswerPointer finished_answer(Connection& connection, const Exchange& exchange);
  void describe(Response& answer, const Connection& connection, const Exchange& exchange) const;
  void note_answer(Connection& connection, const PipelineEntry& entry);
  bool after_answer(Connection& connection, bool close);

  // stream.cpp: answers that are handed over as they come
  bool begin_stream(Connection& connection);
  void add_to_stream(Connection& connection, Bytes data);
  void read_on(Connection& connection);

  // upload.cpp: requests' bodies that are written as they come
  bool pull_if_due(Connection& connection);
  void pull(Connection& connection);
  void write_piece(Connection& connection, Exchange& exchange, std::string piece,
                   std::string_view trailers);
  void write_of_body(Connection& connection, bool last);
  void refuse_piece(Connection& connection, Exchange& exchange, Error error);

  // batch.cpp: the first batch of a connection
  void release_batch(Connection& connection);

  // again.cpp: answers that are asked for again (S18)
  void deliver(Exchange& exchange, AnswerPointer answer);
  bool may_ask_again(int status) const noexcept;
  std::optional<Duration> pause_before_retry(const Exchange& exchange, const Response& response);
  void pause(Exchange& exchange, int status, Duration duration);
  void resume(Exchange& exchange);

  // loss.cpp: what becomes of a lost connection's requests
  void lose(Connection& connection, const Loss& loss, bool close);
  void back_off_if_barren(OriginState& origin);
  void evict(Connection& connection, std::size_t first, const Loss& loss);
  Verdict judge(const Connection& connection, Exchange& exchange, std::size_t index,
                const Loss& loss);
  void account_for(OriginState& origin, Exchange& exchange, const LossFacts& facts,
                   const Loss& loss);
  void send_again(const std::vector<Exchange*>& exchanges);
  void note_loss(Connection& connection);
  unsigned moves_max() const noexcept;

  // hang.cpp: pipelines that fell silent (S22, S28)
  void relieve(Connection& connection);
  void evict_hung(Connection& connection);
  std::size_t room_elsewhere(const OriginState& origin, const Connection& connection) const;
  std::size_t move_others(Connection& connection, std::size_t count);
  void move_suspect(Connection& connection);
  void move(Connection& connection, std::size_t index);
  bool may_move(const Exchange& exchange);
  bool anybody_else_waits(const Connection& connection) const;
  void take_back_unwritten(Connection& connection, std::vector<Exchange*>& taken);

  // suspicion.cpp: answers that were not where they belong (S5, S50)
  bool refuses(const Exchange& exchange, const Response& response) const;
  void lose_refused(Connection& connection);
  void lose_shifted(Connection& connection, const Loss& loss, std::string reason);
  void mark_suspect(const Connection& connection);
  void settle_suspicion(OriginState& origin, Exchange& exchange, bool answered);

  // abandon.cpp: cancelled and timed-out requests
  void abandon(Exchange& exchange, ErrorCode code, std::string detail);
  void abandon_written(Connection& connection, ExchangeId exchange);
  void give_up_draining(Connection& connection);
  bool drain_is_hopeless(const Connection& connection) const;

  // overdue.cpp: one timer for everything that may take too long on a connection (S21)
  static Duration shortest_limit(const Options& options);
  void watch_from_now(Connection& connection);
  void watch(Connection& connection);
  Limit next_limit(const Connection& connection) const;
  Limit silence_limit(const Connection& connection) const;
  Duration hang_threshold(const Connection& connection) const;
  void on_connection_timer(Connection& connection);
  void overrun(Connection& connection, Overdue what);
  void stall(Connection& connection, std::size_t index, std::string detail);

  // What callers and the log know a connection by: 1 is a core's first; 0 for none.
  std::uint64_t public_name(ConnectionId id) const noexcept {
    return id ? id.generation | (number_ << 32U) : 0;
  }

  // log.cpp: what the caller may follow
  template <class Tell>
  void log(LogLevel level, Tell tell) const noexcept;
  std::string name_in_log(const Connection& connection) const;
  void log_connection(LogLevel level, const Connection& connection,
                      std::string_view what) const noexcept;
  void log_open(const Connection& connection) const noexcept;
  void log_dial_failed(const OriginState& origin, ConnectionId id, const Error& error,
                       std::size_t failing) const noexcept;
  void log_loss(const Connection& connection, const Loss& loss, std::size_t again,
                std::size_t failed) const noexcept;
  void log_moved(const Connection& connection, std::size_t moved) const noexcept;
  void log_closed(const Connection& connection) const noexcept;
  void log_pause(const Exchange& exchange, int status, Duration pause) const noexcept;
  void log_profile(OriginState& origin) const noexcept;

  // tick.cpp, shutdown.cpp
  void on_exchange_timer(Exchange& exchange);
  void close_all_connections();
  void fail_everything(std::string detail);

  const Options options_;
  const std::uint64_t number_;
  const OriginRules rules_;
  http::ResponseReader::Limits reader_limits_;
  const Duration shortest_limit_;
  SplitMix jitter_;
  Instant now_ = {};

  Slab<Exchange> exchanges_;
  Slab<Connection> connections_;
  Slab<OriginState> origins_;
  std::unordered_map<http::Origin, OriginId, OriginHash> origin_ids_;
  OriginId last_origin_;  // of the latest request: mostly the next one's too
  std::uint64_t next_sequence_ = 0;

  struct Candidate {
    Connection* connection = nullptr;
    Duration wait = {};
    std::size_t room = 0;  // for so many more
  };

  Timers timers_;
  std::vector<OriginId> dirty_origins_;
  std::vector<ConnectionId> to_flush_;
  std::vector<Candidate> candidates_;  // of fill_pipelines; kept for its memory, as are these:
  std::vector<OriginId> pumping_;
  std::vector<ConnectionId> flushing_;
  std::deque<Action> actions_;
  std::vector<std::string> retired_;  // what the shell may read until it has heard of a Close
  std::vector<Part> parts_;
  std::vector<Completion> completions_;
  bool starved_ = false;  // an origin waits for a place under connections_total_max

  bool closing_ = false;
  Timer grace_;
};

}  // namespace headrace::core
