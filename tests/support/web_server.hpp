#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/certificates.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace headrace::test {

// A real web server out of the distribution, started by a test as a program of its own: in a
// temporary directory, on free ports, with a configuration of its own, ended by its pid. It serves
// the same fifty files over HTTP and HTTPS.
//
// A machine without the program skips the tests with a loud line; with CI in the environment that
// is a failure.
class WebServer {
 public:
  static constexpr std::size_t file_count = 50;
  static std::string path_of(std::size_t number);  // of the number-th file, counted modulo 50
  static std::string body_of(std::size_t number);

  std::string url(std::string_view path) const;
  std::string secure_url(std::string_view path) const;
  std::string ca_file() const { return certificates_.ca_file(); }

  // Ends the server once it has done what it is at, after which its log is complete.
  void stop() { process_->terminate(graceful_); }

  // What the server itself counted, a line for each request, split at the blanks.
  std::vector<std::vector<std::string>> log() const;

 protected:
  // What a configuration is made of.
  struct Facts {
    std::filesystem::path folder;  // everything the server writes goes here
    std::filesystem::path files;   // what it serves
    Certificates::Files certificate;
    std::uint16_t port;
    std::uint16_t secure_port;
  };

  WebServer(std::string_view program, int graceful_signal);
  ~WebServer() = default;

  // Writes the configuration, starts the program on it, and returns once it accepts connections. It
  // must write "pid" and "access.log" into the folder.
  void start(std::vector<std::string> arguments,
             const std::function<std::string(const Facts&)>& configuration);

 private:
  bool try_to_start(const std::vector<std::string>& arguments);

  std::filesystem::path program_;  // the first, so that nothing is left behind where it is missing
  int graceful_;
  TemporaryDirectory directory_;
  Certificates certificates_;
  std::uint16_t port_ = 0;
  std::uint16_t secure_port_ = 0;
  std::optional<Process> process_;
};

// The program's path. Ends the test program as skipped, or throws in CI, when there is none.
std::filesystem::path require_program(std::string_view name);

}  // namespace headrace::test
