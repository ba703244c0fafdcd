#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/core/completion.hpp"
#include "headrace/log.hpp"
#include "headrace/stats.hpp"
#include "tests/sim/links.hpp"
#include "tests/sim/world.hpp"

namespace headrace::sim {

// Holds the core to its promises, by what the network, the servers and the callers saw. It asks the
// core nothing.
class Judge {
 public:
  Judge(World& world, Links& links);

  // The wire: all but handed_over and closed_by_core before the core is told.
  void dialled(const Link& link);
  void dial_failed(const Link& link);
  void opened(Link& link);
  void handed_over(Link& link, Bytes bytes);
  void accepted(const Link& link);
  void delivered(Link& link, Bytes bytes);
  void lost(Link& link, bool clean);
  void closed_by_core(Link& link);

  // The callers.
  void taken();
  void refused(const Call& call, const Error& error);
  void cancelled(Call& call);
  void part_came(const core::Part& part);
  void completed(const core::Completion& completion);
  void shut_down(Duration grace);

  // The core's time and turns.
  void batch_begins();
  void input() { ++inputs_; }
  bool only_input() const { return inputs_ == 0; }  // that the core has got in this batch
  void look_at(const Stats& stats);
  void audit(const Stats& stats);
  void probe_stats(const Stats& stats);
  void logged(LogLevel level, std::string_view line);
  void calls_may_be_over() { over_ = true; }  // deadlines, cancels: in this batch
  void batch_ends();
  void everything_is_over();

 private:
  // An answer that came.
  struct Due {
    std::size_t call = 0;
    std::size_t link = 0;
    unsigned attempt = 0;
    bool behind = false;
  };

  // What is known of one origin.
  struct OriginBook {
    unsigned depth = 1;
    unsigned in_flight_max = 0;
    unsigned requests_per_second = 0;
    bool proven = false;
    bool moved = false;  // requests were moved from behind others
    bool caution = false;
    std::size_t troubles = 0;
    Instant paid_until = {};  // each request written costs its share of a second
    std::size_t failed_dials = 0;
    Instant failed_at = {};
    Instant opened_at = {};
    Instant trouble_at = {};     // a dial failed, or a connection ended before it had delivered
    std::vector<Instant> dials;  // since one last succeeded
  };

  // judge_writes.cpp
  void judge_place(const Link& link, const Call& call, std::size_t outstanding);
  void judge_depth(const Link& link, std::size_t outstanding);
  void judge_repeat(const Call& call);
  void judge_pace(const Link& link);
  void judge_status_retry(Call& call);
  void judge_lifetime(const Link& link);

  // judge_answers.cpp
  void count_begin(const Link& link, Mark& mark);
  void count_head(Link& link, Mark& mark);
  void count_answer(Link& link, const Mark& mark);
  void note_answer(Call& call, const Mark& mark);
  bool asks_again(const Call& call, int status);
  void count_proof(Link& link);
  Call* head_call(const Link& link);

  // judge_losses.cpp
  void let_go(Link& link, std::size_t from);
  void probe_idle_close(const Link& link);

  // judge_due.cpp
  void judge_due_answers();
  bool may_wait(const Due& due);
  void forget_held(const Link& link);

  // What may be said of a call from here.
  bool met_a_liar(const Call& call);
  bool may_have_moved(const Call& call);
  bool surely_outstanding(const Call& call);

  // judge_outcomes.cpp
  void judge_response(const Call& call, const Response& response);
  void judge_lateness(const Call& call);
  void judge_error(Call& call, const Error& error);
  void judge_progress(const Call& call, const Error& error);
  void judge_reason(const Call& call, const Error& error);
  void probe_error(const Call& call, const Error& error);

  // judge_stats.cpp
  void audit_origin(std::size_t origin, const OriginStats& stats);
  void require_budget(const Counters& counters);

  // judge_pool.cpp
  void judge_counts();
  void judge_closings();
  void judge_idleness();
  void judge_dials(const OriginBook& book);

  World& world_;
  Links& links_;
  std::vector<OriginBook> origins_;
  std::vector<Due> due_;                // answers that came, and may be held back
  std::vector<std::size_t> poisoned_;   // links whose answer a caller refuses
  std::vector<std::size_t> cancelled_;  // calls that the caller gave up in this batch
  std::vector<std::size_t> strays_;     // links that got bytes which nothing had asked for
  std::size_t inputs_ = 0;              // of the batch under way
  bool over_ = false;
  std::optional<Instant> shut_down_at_;
  Duration grace_ = {};
};

}  // namespace headrace::sim
