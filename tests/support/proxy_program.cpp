#include "tests/support/proxy_program.hpp"

#include <csignal>
#include <stdexcept>
#include <utility>

#include "tests/support/ports.hpp"
#include "tests/support/web_server.hpp"

namespace headrace::test {
namespace {

constexpr int starts_max = 5;

}  // namespace

// Some give up root's rights before they open their files.
ProxyProgram::ProxyProgram(std::string_view program, Reload reload)
    : program_(require_program(program)), reload_(std::move(reload)) {
  using std::filesystem::perms;
  std::filesystem::permissions(directory_.path(), perms(0777));
}

std::string ProxyProgram::url(std::string_view scheme) const {
  return std::string(scheme) + "://127.0.0.1:" + std::to_string(port_);
}

std::string ProxyProgram::output() const { return read_file(directory_ / "output"); }

void ProxyProgram::reload() {
  said_before_ = times_in(directory_ / reload_.where, reload_.says);
  process_->send(reload_.signal);
}

bool ProxyProgram::has_reloaded() const {
  return times_in(directory_ / reload_.where, reload_.says) > said_before_;
}

void ProxyProgram::start(std::vector<std::string> arguments,
                         const std::function<std::string(std::uint16_t port)>& configuration) {
  constexpr std::chrono::milliseconds pause(10);
  const std::filesystem::path file = directory_ / "proxy.conf";
  arguments.insert(arguments.begin(), program_.string());
  for (int i = 0; i < starts_max; ++i) {
    port_ = free_ports(1).front();
    write_file(file, configuration(port_));
    std::vector<std::string> filled = arguments;
    for (std::string& argument : filled) {
      if (argument == "CONFIGURATION") argument = file.string();
      if (argument == "PORT") argument = std::to_string(port_);
    }
    process_.emplace(Command{.arguments = filled, .output = directory_ / "output"});
    for (auto waited = pause; waited < patience; waited += pause) {
      if (process_->wait(pause)) break;
      if (accepts_connections(port_)) return;
    }
    process_->terminate();
  }
  throw std::runtime_error(program_.string() + " does not start: " + output());
}

Squid::Squid(bool one_answer_a_connection)
    : ProxyProgram("squid", {SIGHUP, "Reconfiguring Squid Cache", "cache.log"}) {
  start({"-N", "-f", "CONFIGURATION"}, [&](std::uint16_t port) {
    const std::string in = folder().string();
    return "http_port 127.0.0.1:" + std::to_string(port) +
           "\n"
           "http_access allow all\n"
           "cache deny all\n"
           "pipeline_prefetch 5\n"
           "client_persistent_connections " +
           (one_answer_a_connection ? "off" : "on") +
           "\n"
           "access_log none\n"
           "netdb_filename none\n"
           "pinger_enable off\n"
           "shutdown_lifetime 0 seconds\n"
           "cache_log " +
           in +
           "/cache.log\n"
           "pid_filename " +
           in +
           "/pid\n"
           "coredump_dir " +
           in + "\n";
  });
}

Tinyproxy::Tinyproxy(bool wants_credentials)
    : ProxyProgram("tinyproxy", {SIGUSR1, "Reloading config file finished"}) {
  start({"-d", "-c", "CONFIGURATION"}, [&](std::uint16_t port) {
    return "Port " + std::to_string(port) +
           "\n"
           "Listen 127.0.0.1\n"
           "Timeout 60\n"
           "MaxClients 100\n"
           "LogLevel Notice\n" +
           (wants_credentials ? "BasicAuth me secret\n" : "");
  });
}

Dante::Dante() : ProxyProgram("danted", {SIGHUP, "config reloaded"}) {
  start({"-f", "CONFIGURATION", "-p", (folder() / "pid").string()}, [](std::uint16_t port) {
    return "logoutput: stderr\n"
           "internal: 127.0.0.1 port = " +
           std::to_string(port) +
           "\n"
           "external: 127.0.0.1\n"
           "clientmethod: none\n"
           "socksmethod: none\n"
           "client pass { from: 0/0 to: 0/0 }\n"
           "socks pass { from: 0/0 to: 0/0 }\n";
  });
}

Microsocks::Microsocks() : ProxyProgram("microsocks", {}) {
  start({"-i", "127.0.0.1", "-p", "PORT", "-u", "me", "-P", "secret"},
        [](std::uint16_t) { return std::string(); });
}

TlsFront::TlsFront(std::uint16_t behind, const std::string& chain_file, const std::string& key_file)
    : ProxyProgram("haproxy", {}) {
  const std::string both = (folder() / "both.pem").string();
  write_file(both, read_file(chain_file) + read_file(key_file));
  start({"-db", "-f", "CONFIGURATION"}, [&](std::uint16_t port) {
    return "defaults\n"
           "  mode tcp\n"
           "  timeout connect 10s\n"
           "  timeout client 60s\n"
           "  timeout server 60s\n"
           "listen front\n"
           "  bind 127.0.0.1:" +
           std::to_string(port) + " ssl crt " + both +
           "\n"
           "  server behind 127.0.0.1:" +
           std::to_string(behind) + "\n";
  });
}

HaproxySocket::HaproxySocket(std::uint16_t behind) : ProxyProgram("haproxy", {}) {
  start({"-db", "-f", "CONFIGURATION"}, [&](std::uint16_t port) {
    return "defaults\n"
           "  mode http\n"
           "  timeout connect 10s\n"
           "  timeout client 60s\n"
           "  timeout server 60s\n"
           "listen front\n"
           "  bind 127.0.0.1:" +
           std::to_string(port) +
           "\n"
           "  bind unix@" +
           (folder() / "socket").string() +
           " mode 666\n"
           "  server behind 127.0.0.1:" +
           std::to_string(behind) + "\n";
  });
}

}  // namespace headrace::test
