#pragma once

#include <cstdint>

#include "tests/sim/arguments.hpp"
#include "tests/sim/probes.hpp"

namespace headrace::sim {

// Plays seeds one after the other and stops at the first that fails.
class Runner {
 public:
  explicit Runner(bool trace) : trace_(trace) {}

  // False when it failed; everything that is needed to play it again has been printed.
  bool play(std::uint64_t seed);
  bool play(std::uint64_t from, std::uint64_t to);

  std::uint64_t played() const { return played_; }
  std::uint64_t hash() const { return hash_; }
  const Probes& probes() const { return probes_; }

 private:
  bool trace_;
  std::uint64_t played_ = 0;
  std::uint64_t hash_ = 0xcbf29ce484222325U;  // of all seeds' hashes
  Probes probes_;
};

// The program's exit status.
int run(const Arguments& arguments);

}  // namespace headrace::sim
