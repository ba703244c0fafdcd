#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "engine/base/instant.hpp"
#include "engine/base/splitmix.hpp"

namespace headrace::sim {

// What stands in the place of chance while it lasts: a fuzzer's input (fuzz/simulation_fuzz.cpp).
struct Tape {
  const std::uint8_t* next = nullptr;
  const std::uint8_t* end = nullptr;
};

// All chance in a simulation. A part that draws has dice of its own, so that a change to one part
// leaves the others' draws as they were. Never draw twice within one full expression: the order of
// evaluation is not specified, and two compilers would play two different schedules.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}

  std::uint64_t number() { return draw(sizeof(std::uint64_t)); }
  std::size_t below(std::size_t bound) {
    const std::size_t bytes = bound <= 0x100 ? 1 : bound <= 0x1'0000 ? 2 : sizeof(std::uint64_t);
    return static_cast<std::size_t>(draw(bytes) % bound);
  }
  std::size_t between(std::size_t least, std::size_t most) {
    return least + below(most - least + 1);
  }
  unsigned small(unsigned least, unsigned most) {
    return static_cast<unsigned>(between(least, most));
  }
  bool chance(unsigned percent) { return draw(1) % 100 < percent; }

  // In whole microseconds, so that a trace shows all of it.
  Duration up_to(Duration most) {
    const auto bound = std::chrono::duration_cast<std::chrono::microseconds>(most).count();
    return std::chrono::microseconds(below(static_cast<std::size_t>(bound) + 1));
  }
  std::chrono::milliseconds milliseconds(std::size_t least, std::size_t most) {
    return std::chrono::milliseconds(between(least, most));
  }

  template <class Value, std::size_t count>
  const Value& pick(const Value (&values)[count]) {
    return values[below(count)];
  }

  static inline Tape* tape = nullptr;  // of all dice

 private:
  // So many bytes of the tape, so that a change of one of them changes one draw.
  std::uint64_t draw(std::size_t bytes) {
    if (tape == nullptr || tape->next == tape->end) return random_();
    std::uint64_t number = 0;
    for (; bytes > 0 && tape->next != tape->end; --bytes) number = number << 8U | *tape->next++;
    return number;
  }

  SplitMix random_;
};

}  // namespace headrace::sim
