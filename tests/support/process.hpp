#pragma once

#include <sys/types.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/descriptor.hpp"
#include "tests/support/patience.hpp"

namespace headrace::test {

// What to run. The first argument is the program, looked up in PATH when it has no slash.
struct Command {
  std::vector<std::string> arguments;
  std::map<std::string, std::string> environment = {};  // added to the test's own
  std::filesystem::path output = {};  // where stdout and stderr go; empty: to the test's own
};

// A program in the background, for servers. It is ended by its pid when the object goes away, and
// by the kernel should the thread that started it end first. Throws when it can't be started.
class Process {
 public:
  // Descriptors that become the program's own; -1 leaves it the test's.
  struct Standard {
    int input = -1;
    int output = -1;
    int errors = -1;
  };

  explicit Process(const Command& command);
  Process(const Command& command, const Standard& standard);
  Process(Process&&) noexcept;
  Process& operator=(Process&&) noexcept;
  ~Process();

  pid_t pid() const { return pid_; }

  // The exit status (128 + signal for a killed one) once it has ended, waiting at most `limit`.
  std::optional<int> wait(std::chrono::milliseconds limit = patience);
  bool running() { return !wait(std::chrono::milliseconds(0)); }

  // Sends the signal, which leaves it running. Throws when it has ended.
  void send(int signal);

  // Sends the signal, after `patience` SIGKILL; returns when it is gone. Harmless when it is
  // already.
  void terminate(int signal = SIGTERM);

 private:
  void reap();

  pid_t pid_ = -1;
  Descriptor handle_;  // readable once it has ended
  std::optional<int> status_;
};

struct Finished {
  int status = 0;  // 128 + signal for a killed one
  std::string output;
  std::string errors;
};

// Runs a program to its end with `input` on its stdin. Throws when it takes longer than `limit`.
Finished run(const Command& command, std::string_view input = {},
             std::chrono::milliseconds limit = 3 * patience);

// The program's full path, from PATH and the sbin directories that a user's PATH leaves out.
std::optional<std::filesystem::path> find_program(std::string_view name);

}  // namespace headrace::test
