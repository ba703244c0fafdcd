#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/base/splitmix.hpp"
#include "engine/core/core.hpp"

namespace headrace::test {

// The real core among a network and a server that behave as a seed says: dials fail, the kernel
// takes bytes piecemeal, answers arrive in any cut, connections end at any moment, time jumps,
// callers cancel. The server executes each request whose last byte reached it, counts how often,
// and answers in order with the request's own number.
class RandomNetwork {
 public:
  explicit RandomNetwork(std::uint64_t seed);

  // Plays the schedule: first with faults, then without until everything has finished. Gives the
  // first broken invariant, or nothing.
  std::string play();

 private:
  struct Call {
    bool post = false;
    ExchangeId id = {};
    unsigned executions = 0;
    unsigned completions = 0;
  };
  struct Link {
    bool dialled = false;
    std::string unaccepted;     // handed over by the core, not taken by the kernel
    std::string request;        // taken by the kernel, not yet a whole request
    std::string answers;        // on their way to the core
    unsigned answers_left = 0;  // the server closes after so many
    bool ended = false;         // ... and did
  };

  void step();
  void submit();
  void answer_dial(Link& link, ConnectionId id);
  void accept(Link& link, ConnectionId id);
  void execute(Link& link);
  void answer(Link& link, std::size_t call);
  void deliver(Link& link, ConnectionId id);
  void end(ConnectionId id);
  void pass_time();
  void drain();
  void check(core::Completion completion);
  void require(bool holds, const char* what);

  bool chance(unsigned percent) { return random_() % 100 < percent; }
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }

  SplitMix random_;
  Options options_;
  core::Core core_;
  Instant now_ = {};
  bool faults_ = true;
  std::size_t to_submit_ = 0;
  std::vector<Call> calls_;
  std::map<std::uint64_t, Link> links_;  // by ConnectionId::number()
  std::string broken_;
};

}  // namespace headrace::test
