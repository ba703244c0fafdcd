#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/instant.hpp"
#include "headrace/options.hpp"

namespace headrace::core {

//   unknown --a first batch answered whole--> capable --3 losses, or answers dropped--> off
//      |                                         ^                                       |  pause
//      +--------- answers dropped -> off         +--a batch answered whole-- on_trial <--+
enum class Capability : std::uint8_t {
  unknown,   // may be pipelined on, but nothing pipelined has been answered yet
  capable,   // a pipeline has been answered, in full and in order
  on_trial,  // after trouble: one connection at a time may try
  off,       // one request at a time, until the pause has passed
};
std::string_view name_of(Capability capability) noexcept;

// The part of a profile that outlives an engine.
struct LearnedProfile {
  Capability capability = Capability::unknown;
  std::size_t depth = 1;
  bool one_per_segment = false;
  unsigned requests_max = 0;
  std::string reason = {};

  friend bool operator==(const LearnedProfile&, const LearnedProfile&) = default;
};

// What an origin has shown of its way with pipelines, and what follows from it (S9, S10, S22, S47,
// S48). Pure: events in, answers out.
//
// Trouble halves the depth and success doubles it again; three losses that nothing explains, or one
// answer that was not where it belongs, end pipelining for a while. A server that drops requests of
// a pipeline in silence gets one more trial, with one request a segment.
class Profile {
 public:
  Profile(Pipelining mode, std::size_t depth_max);

  // A new connection has to deliver a good response before it may hold more than one request.
  bool must_prove() const noexcept { return !proven_ || caution_; }
  // What a connection that has done so may hold.
  std::size_t depth() const noexcept;
  // A batch has to be answered whole before anything is written behind it or any answer but the
  // first is believed: who drops one of several requests shifts the answers of the rest, which only
  // their number shows. So it is until a batch has passed, and for good with one request a segment:
  // segments may still meet in the server's buffer.
  bool on_probation() const noexcept;
  bool on_trial() const noexcept { return capability_ == Capability::on_trial; }
  bool one_per_segment() const noexcept { return one_per_segment_; }
  // Requests that the server takes on one connection; 0: not known.
  unsigned requests_max(Instant now) const noexcept;
  Capability capability() const noexcept { return capability_; }
  const std::string& reason() const noexcept { return reason_; }

  void refresh(Instant now);  // the pause may be over

  // A response came that was HTTP/1.1, self-framed and persistent; `calms`: on a connection made
  // after the last trouble.
  void on_good_answer(bool calms) noexcept;
  void on_follower_answered();
  void on_batch_passed();
  // The first response of a connection was none of that kind.
  void on_unfit_answer() noexcept { proven_ = false; }

  // The server ended a connection after so many answers, as it had announced in the last one.
  void on_closed_as_announced(Instant now, unsigned answered);
  // ... or unannounced, with `outstanding` requests on it; `between`: nothing of an answer had
  // come.
  void on_lost(Instant now, unsigned answered, std::size_t outstanding, bool between);
  // A connection has had so many answers.
  void on_answers(unsigned answered) noexcept;

  // A request that was written behind another fell silent and is tried alone elsewhere; until it is
  // known whether it was dropped or is only slow, nothing is pipelined.
  void on_suspected() noexcept { ++suspects_; }
  void on_suspicion_settled(Instant now, bool dropped);
  // An answer was not where it belonged (S5, S50).
  void on_shifted(Instant now, std::string reason);

  void load(const LearnedProfile& learned, Instant now);
  LearnedProfile learned() const;

 private:
  void learn_requests_max(Instant now, unsigned answered, unsigned proof);
  void turn_off(Instant now, std::string reason);
  void begin_trial(std::size_t depth);

  Pipelining mode_;
  std::size_t depth_max_;
  std::size_t depth_;
  Capability capability_ = Capability::unknown;
  bool proven_ = false;
  bool caution_ = false;  // S10: lost with requests in flight, and nothing delivered since
  bool one_per_segment_ = false;
  unsigned strikes_ = 0;
  unsigned suspects_ = 0;
  unsigned streak_ = 0;  // pipelined answers since the last change
  Duration pause_;       // the next time off
  Instant off_until_ = {};

  unsigned requests_max_ = 0;
  Instant requests_max_until_ = {};
  unsigned answered_most_ = 0;  // on one connection, ever
  unsigned ended_after_ = 0;    // answers on the last connection that the server ended
  unsigned ended_alike_ = 0;    // how many in a row ended after as many

  std::string reason_;
};

}  // namespace headrace::core
