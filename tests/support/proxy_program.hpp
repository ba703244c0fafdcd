#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace headrace::test {

// A real proxy out of the distribution, started by a test as a program of its own: in a temporary
// directory, on a free port, ended by its pid. A machine without the program skips the tests as
// WebServer does.
class ProxyProgram {
 public:
  std::uint16_t port() const { return port_; }
  std::string url(std::string_view scheme) const;  // "http://127.0.0.1:3128"
  const std::filesystem::path& folder() const { return directory_.path(); }

  // What it wrote to its outputs, for a failed test.
  std::string output() const;

  // Tells it to read its configuration again, and whether it has done so since.
  void reload();
  bool has_reloaded() const;

 protected:
  // How it is told to reload, and what it says then, in which file of its folder.
  struct Reload {
    int signal = 0;  // none
    std::string says = {};
    std::string where = "output";
  };

  explicit ProxyProgram(std::string_view program, Reload reload);
  ~ProxyProgram() = default;

  // Starts it on a free port and returns once it accepts connections there. "CONFIGURATION" and
  // "PORT" among the arguments become the file's path and the number.
  void start(std::vector<std::string> arguments,
             const std::function<std::string(std::uint16_t port)>& configuration);

 private:
  std::filesystem::path program_;
  Reload reload_;
  std::size_t said_before_ = 0;
  TemporaryDirectory directory_;
  std::uint16_t port_ = 0;
  std::optional<Process> process_;
};

// Caches nothing, lets everybody go anywhere.
class Squid : public ProxyProgram {
 public:
  explicit Squid(bool one_answer_a_connection = false);
};

// Asks for "me" and "secret" if it is told to.
class Tinyproxy : public ProxyProgram {
 public:
  explicit Tinyproxy(bool wants_credentials);
};

class Dante : public ProxyProgram {
 public:
  Dante();
};

// Wants "me" and "secret".
class Microsocks : public ProxyProgram {
 public:
  Microsocks();
};

// TLS in front of another port of loopback: what makes an https proxy of an http one.
class TlsFront : public ProxyProgram {
 public:
  TlsFront(std::uint16_t behind, const std::string& chain_file, const std::string& key_file);
};

// A web server's Unix socket, before its port.
class HaproxySocket : public ProxyProgram {
 public:
  explicit HaproxySocket(std::uint16_t behind);
  std::string socket() const { return (folder() / "socket").string(); }
};

}  // namespace headrace::test
