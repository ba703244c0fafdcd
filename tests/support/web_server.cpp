#include "tests/support/web_server.hpp"

#include <cstdlib>
#include <iostream>
#include <sstream>
#include <stdexcept>

#include "tests/support/filled.hpp"
#include "tests/support/ports.hpp"

namespace headrace::test {
namespace {

constexpr int skipped = 77;  // tests/CMakeLists.txt knows it as SKIP_RETURN_CODE
constexpr int starts_max = 5;

std::string url_on(const char* scheme, std::uint16_t port, std::string_view path) {
  return std::string(scheme) + "://127.0.0.1:" + std::to_string(port) + std::string(path);
}

}  // namespace

std::filesystem::path require_program(std::string_view name) {
  if (const auto found = find_program(name)) return *found;
  const std::string text = std::string(name) + " is not installed: its tests can't run";
  if (std::getenv("CI") != nullptr) throw std::runtime_error(text);
  std::cerr << "\n*** SKIPPED: " << text << " ***\n" << std::endl;
  std::_Exit(skipped);
}

// A server that gives up root's rights must still find the files.
WebServer::WebServer(std::string_view program, Signals signals, Speaks speaks)
    : program_(require_program(program)), signals_(signals), speaks_(speaks) {
  using std::filesystem::perms;
  std::filesystem::permissions(directory_.path(), perms(0755));
  const std::filesystem::path files = directory_ / "files";
  std::filesystem::create_directory(files);
  std::filesystem::permissions(files, perms(0755));
  for (std::size_t i = 0; i < file_count; ++i) {
    const std::filesystem::path file = files / path_of(i).substr(1);
    write_file(file, body_of(i));
    std::filesystem::permissions(file, perms(0644));
  }
}

std::string WebServer::path_of(std::size_t number) {
  return "/file" + std::to_string(number % file_count) + ".txt";
}

// Lengths differ, so that a shifted answer shows also where only its length is looked at.
std::string WebServer::body_of(std::size_t number) {
  const std::size_t file = number % file_count;
  return "This is file " + std::to_string(file) + "." + std::string(37 * file, 'x') + "\n";
}

std::string WebServer::url(std::string_view path) const { return url_on("http", port_, path); }

std::string WebServer::secure_url(std::string_view path) const {
  return url_on("https", secure_port_, path);
}

bool WebServer::is_of_generation(std::string_view field) const {
  return field == std::to_string(generation_);
}

void WebServer::start(std::vector<std::string> arguments, std::string configuration,
                      Values values) {
  arguments_ = std::move(arguments);
  configuration_ = std::move(configuration);
  const auto certificate = certificates_.issue({.ips = {"127.0.0.1"}});
  const std::string both = directory_ / "both.pem";
  write_file(both, read_file(certificate.chain_file) + read_file(certificate.key_file));
  values_ = std::move(values);
  values_.merge(Values{{"configuration", directory_ / "server.conf"},
                       {"folder", directory_.path()},
                       {"files", directory_ / "files"},
                       {"chain", certificate.chain_file},
                       {"key", certificate.key_file},
                       {"both", both}});
  for (int i = 0; i < starts_max; ++i)
    if (try_to_start()) return;
  throw std::runtime_error(program_.string() +
                           " does not start: " + read_file(directory_ / "output"));
}

void WebServer::write_configuration() {
  values_["generation"] = std::to_string(generation_);
  write_file(values_.at("configuration"), filled(configuration_, values_));
}

void WebServer::reload() {
  ++generation_;
  write_configuration();
  read_again();
}

void WebServer::read_again() { process_->send(signals_.reload); }

std::vector<std::string> WebServer::filled_in(std::vector<std::string> arguments) const {
  for (std::string& argument : arguments) argument = filled(argument, values_);
  return arguments;
}

void WebServer::command(std::vector<std::string> arguments) const {
  arguments.front() = require_program(arguments.front()).string();
  const Finished done = run({.arguments = filled_in(arguments)});
  if (done.status != 0)
    throw std::runtime_error(arguments.front() + " failed: " + done.output + done.errors);
}

// It is ready when it says so (a stranger's server on the port would not) and accepts. There is no
// event for that, so it is asked again and again; the wait in between ends when it dies.
bool WebServer::try_to_start() {
  constexpr std::chrono::milliseconds pause(10);
  const std::vector<std::uint16_t> ports = free_ports(2);
  port_ = ports.front();
  secure_port_ = ports.back();
  values_["port"] = std::to_string(port_);
  values_["secure_port"] = std::to_string(secure_port_);
  write_configuration();
  std::vector<std::string> arguments = filled_in(arguments_);
  arguments.insert(arguments.begin(), program_.string());
  process_.emplace(Command{.arguments = arguments,
                           .environment = {{"HOME", directory_.path()}},
                           .output = directory_ / "output"});
  for (auto waited = pause; waited < patience; waited += pause) {
    if (process_->wait(pause)) return false;
    if (is_ready()) return true;
  }
  process_->terminate();
  return false;
}

bool WebServer::is_ready() const {
  return std::filesystem::exists(directory_ / "pid") &&
         (!speaks_http() || accepts_connections(port_)) &&
         (!speaks_https() || accepts_connections(secure_port_));
}

std::size_t WebServer::times_said(std::string_view phrase) const {
  return times_in(directory_ / "output", phrase);
}

std::vector<std::vector<std::string>> WebServer::log() const {
  std::istringstream text(read_file(directory_ / "access.log"));
  std::vector<std::vector<std::string>> lines;
  for (std::string line; std::getline(text, line);) {
    std::istringstream words(line);
    std::vector<std::string>& out = lines.emplace_back();
    for (std::string word; words >> word;) out.push_back(word);
  }
  return lines;
}

}  // namespace headrace::test
