#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "engine/base/instant.hpp"
#include "engine/base/limits.hpp"

namespace headrace::io {

// Which of some addresses is tried when: the "Happy Eyeballs" of RFC 8305 §5, without a clock or a
// socket.
//
// They start in the order given, each when the one before has failed or has had its head start. No
// more than limits::racing_max run at once: the one that has run longest makes room for the next,
// and the last ones run on.
class RaceRules {
 public:
  using Number = std::size_t;  // of an address, from 0

  RaceRules(std::size_t addresses, Duration head_start)
      : addresses_(addresses), head_start_(head_start) {}

  // The address whose turn has come. It must then be reported as started or failed.
  std::optional<Number> next(Instant now) const;

  // Gives the one that makes room, which runs no more.
  std::optional<Number> on_started(Instant now, Number number);

  // Whether it had started or never could.
  void on_failed(Number number);

  // Ends the race. Gives those that ran and had started before it.
  std::vector<Number> on_connected(Number number);

  // When to ask for the next one again, if time alone brings it.
  std::optional<Instant> deadline() const;

  // None runs, and none is left.
  bool lost() const;

 private:
  std::size_t addresses_;
  Duration head_start_;
  Number next_ = 0;
  std::optional<Instant> due_;   // none: at once
  std::vector<Number> running_;  // in the order of their starts
};

}  // namespace headrace::io
