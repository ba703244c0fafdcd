#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
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
// the same fifty files over HTTP and HTTPS, where it speaks both.
//
// A machine without the program skips the tests with a loud line; with CI in the environment that
// is a failure.
class WebServer {
 public:
  static constexpr std::size_t file_count = 50;
  static std::string path_of(std::size_t number);  // of the number-th file, counted modulo 50
  static std::string body_of(std::size_t number);

  // What the battery of tests/servers wants of any of them.
  struct Setup {
    std::uint16_t application = 9;  // what is below /app/ is asked for at that port; 9: by nobody
    bool limited = false;           // connections end after the few answers that its `limit` says
  };

  virtual ~WebServer() = default;
  WebServer(const WebServer&) = delete;
  WebServer& operator=(const WebServer&) = delete;

  bool speaks_http() const { return speaks_ != Speaks::https; }
  bool speaks_https() const { return speaks_ != Speaks::http; }
  std::string url(std::string_view path) const;
  std::string secure_url(std::string_view path) const;
  std::uint16_t port() const { return port_; }
  std::string ca_file() const { return certificates_.ca_file(); }

  // Changes the configuration and has it read again, in the way that its manual calls graceful.
  void reload();

  // Has the configuration that is there read again.
  virtual void read_again();

  // How often it was reloaded, counting from 1. Its answers carry the number, as X-Generation, once
  // it does as it was told; the one that changes no answers says so in its log.
  unsigned generation() const { return generation_; }
  virtual bool is_of_generation(std::string_view field) const;

  // Does it give a body that came in chunks a length, when all of it is there by the time the head
  // is sent?
  virtual bool may_give_lengths() const { return false; }

  // Ends the server once it has done what it is at, after which its log is complete.
  void stop() { process_->terminate(signals_.end); }

  // What the server itself counted, a line for each request, split at the blanks.
  std::vector<std::vector<std::string>> log() const;

 protected:
  using Values = std::map<std::string, std::string>;
  enum class Speaks : std::uint8_t { both, http, https };
  struct Signals {
    int end;     // gracefully
    int reload;  // gracefully; 0: it is told by other means
  };

  WebServer(std::string_view program, Signals signals, Speaks speaks = Speaks::both);

  // Writes the configuration, starts the program on it, and returns once it accepts connections. It
  // must write "pid" into the folder, and "access.log" for those who read it.
  //
  // Names between @ are replaced in both: by the given values, and by what is known of every
  // server: configuration, folder (everything it writes goes there), files (what it serves), chain,
  // key, both (in one file), port, secure_port, generation.
  void start(std::vector<std::string> arguments, std::string configuration, Values values);

  // Runs a program to its end; throws, with what it said, when it fails.
  void command(std::vector<std::string> arguments) const;

  // How often its outputs say this.
  std::size_t times_said(std::string_view phrase) const;

 private:
  bool try_to_start();
  bool is_ready() const;
  void write_configuration();
  std::vector<std::string> filled_in(std::vector<std::string> arguments) const;

  std::filesystem::path program_;  // the first, so that nothing is left behind where it is missing
  Signals signals_;
  Speaks speaks_;
  TemporaryDirectory directory_;
  Certificates certificates_;
  std::vector<std::string> arguments_;
  std::string configuration_;
  Values values_;
  std::uint16_t port_ = 0;
  std::uint16_t secure_port_ = 0;
  unsigned generation_ = 1;
  std::optional<Process> process_;
};

// The program's path. Ends the test program as skipped, or throws in CI, when there is none.
std::filesystem::path require_program(std::string_view name);

}  // namespace headrace::test
