#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "headrace/headrace.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace headrace::test {

// A server written in Python, started by a test as a program of its own, that answers every path
// with itself (python/application.py). It inherits its listening socket as standard input: clients
// may connect from the first moment on, and no port is guessed.
class PythonServer {
 public:
  // False, with a loud line, where the build could not install what is needed. With CI in the
  // environment that is a failure.
  static bool available();

  // Runs the environment's Python with these arguments, in the folder of the application.
  explicit PythonServer(std::vector<std::string> arguments);
  PythonServer(const PythonServer&) = delete;
  PythonServer& operator=(const PythonServer&) = delete;

  std::string url(std::string_view path) const;
  bool running() { return process_->running(); }
  std::string output() const { return read_file(directory_ / "output"); }

 private:
  TemporaryDirectory directory_;
  std::uint16_t port_ = 0;
  std::optional<Process> process_;
};

// How many of so many GETs brought 200 and their own path, or else the first that did not.
struct Fetched {
  std::size_t right = 0;
  std::string wrong = {};

  friend bool operator==(const Fetched&, const Fetched&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Fetched& fetched) {
    return out << fetched.right << " right " << fetched.wrong;
  }
};
Fetched get_paths(Engine& engine, const PythonServer& server, std::size_t count);

}  // namespace headrace::test
