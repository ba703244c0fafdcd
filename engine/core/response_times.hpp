#pragma once

#include <optional>

#include "engine/base/instant.hpp"

namespace headrace::core {

// What an origin's answers have taken so far, for two questions: how long is the wait behind so
// many others (S28), and when has a pipeline been silent for longer than is usual (S22).
class ResponseTimes {
 public:
  // One answer: how long its request was the head of the pipeline until its end, and how long the
  // connection had been silent when the answer began. `fresh`: it had been written to an idle
  // connection, so that the silence was a whole round trip.
  void on_answer(Duration as_head, Duration silence, bool fresh) noexcept;

  // What earlier answers took, from a saved profile.
  void load(Duration per_answer, Duration silence) noexcept;

  // The mean time as head, recent answers counting more. Zero without any.
  Duration per_answer() const noexcept { return per_answer_; }

  // The longest silence that is usual: follows slow answers up, doubling at most, and forgets them
  // slowly, as in a pipeline most answers come without any silence.
  Duration usual_silence() const noexcept { return silence_; }

  // A silence longer than this is unusual. Nothing before the first answer.
  std::optional<Duration> patience() const noexcept;

 private:
  bool known_ = false;
  Duration per_answer_ = {};
  Duration silence_ = {};
};

// The time until a request placed now behind `outstanding` others would head its pipeline. A head
// that takes longer than usual is expected to take as long again.
struct WaitFacts {
  std::size_t outstanding = 0;
  Duration head_age = {};  // how long the present head has been it
  Duration per_answer = {};
};
Duration expected_wait(const WaitFacts& facts) noexcept;

}  // namespace headrace::core
