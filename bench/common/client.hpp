#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "bench/common/arguments.hpp"

namespace headrace::bench {

// What became of the requests of a phase.
struct Tally {
  std::size_t answered = 0;
  std::size_t failed = 0;
  std::size_t body_bytes = 0;
  std::vector<double> waits_us = {};  // one a request, where they go one at a time
};

// One way of doing the task. Connections are kept from one phase to the next.
class Client {
 public:
  Client() = default;
  virtual ~Client() = default;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  virtual std::string version() const = 0;
  // Gets `requests` answers, keeping as many outstanding as it was told to.
  virtual Tally run(std::size_t requests) = 0;
};

// Requests one at a time, each timed: `once` sends one and waits for its answer.
template <class Once>
Tally one_by_one(std::size_t requests, Once once) {
  using Clock = std::chrono::steady_clock;
  Tally tally;
  tally.waits_us.reserve(requests);
  for (std::size_t i = 0; i < requests; ++i) {
    const auto begun = Clock::now();
    once(tally);
    const std::chrono::duration<double, std::micro> wait = Clock::now() - begun;
    tally.waits_us.push_back(wait.count());
  }
  return tally;
}

struct Description {
  std::string name;
  std::string variant;
};

// Warms the client up, measures it, checks that everything arrived, and prints the line of JSON
// that the runner reads. Gives the exit code.
int measure(const Description& description, const Arguments& arguments, Client& client);

// The main function of every client: `run` gets the arguments and gives the exit code; whatever it
// throws is a message on stderr and 1.
int client_main(int count, char** values, const char* name, int (*run)(const Arguments&));

}  // namespace headrace::bench
