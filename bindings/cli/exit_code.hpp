#pragma once

namespace headrace::cli {

// What the program ends with, as its users know it from curl and grep.
enum ExitCode : int {
  exit_done = 0,
  exit_failed = 1,         // some of the work failed, or there was nowhere to write it
  exit_usage = 2,          // the command line makes no sense
  exit_interrupted = 130,  // SIGINT: 128 + 2
  exit_terminated = 143,   // SIGTERM: 128 + 15
};

}  // namespace headrace::cli
