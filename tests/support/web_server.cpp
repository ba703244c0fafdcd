#include "tests/support/web_server.hpp"

#include <cstdlib>
#include <iostream>
#include <sstream>
#include <stdexcept>

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
WebServer::WebServer(std::string_view program, int graceful_signal)
    : program_(require_program(program)), graceful_(graceful_signal) {
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

void WebServer::start(std::vector<std::string> arguments,
                      const std::function<std::string(const Facts&)>& configuration) {
  const std::filesystem::path file = directory_ / "server.conf";
  arguments.insert(arguments.begin(), program_.string());
  for (std::string& argument : arguments)
    if (argument == "CONFIGURATION") argument = file.string();
  const auto certificate = certificates_.issue({.ips = {"127.0.0.1"}});
  for (int i = 0; i < starts_max; ++i) {
    const std::vector<std::uint16_t> ports = free_ports(2);
    port_ = ports.front();
    secure_port_ = ports.back();
    write_file(file, configuration({directory_.path(), directory_ / "files", certificate, port_,
                                    secure_port_}));
    if (try_to_start(arguments)) return;
  }
  throw std::runtime_error(program_.string() +
                           " does not start: " + read_file(directory_ / "output"));
}

// It is ready when it says so (a stranger's server on the port would not) and accepts. There is no
// event for that, so it is asked again and again; the wait in between ends when it dies.
bool WebServer::try_to_start(const std::vector<std::string>& arguments) {
  constexpr std::chrono::milliseconds pause(10);
  process_.emplace(Command{.arguments = arguments, .output = directory_ / "output"});
  for (auto waited = pause; waited < patience; waited += pause) {
    if (process_->wait(pause)) return false;
    if (std::filesystem::exists(directory_ / "pid") && accepts_connections(port_) &&
        accepts_connections(secure_port_))
      return true;
  }
  process_->terminate();
  return false;
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
