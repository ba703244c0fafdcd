#include "tests/servers/python_server.hpp"

#include <fcntl.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <stdexcept>

#include "tests/support/loopback.hpp"

namespace headrace::test {
namespace {

constexpr const char* python = HEADRACE_SERVERS_PYTHON;

}  // namespace

bool PythonServer::available() {
  if (std::filesystem::exists(python)) return true;
  const std::string text = "gunicorn and Werkzeug are not installed: their tests can't run";
  if (std::getenv("CI") != nullptr) throw std::runtime_error(text);
  std::cerr << "\n*** SKIPPED: " << text << " ***\n" << std::endl;
  SUCCEED(text);
  return false;
}

PythonServer::PythonServer(std::vector<std::string> arguments) {
  const Descriptor listener = listen_on_loopback();
  port_ = port_of(listener);
  const std::filesystem::path output = directory_ / "output";
  const Descriptor log(
      checked(::open(output.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600), "open"));
  arguments.insert(arguments.begin(), python);
  process_.emplace(
      Command{.arguments = std::move(arguments),
              .environment = {{"PYTHONPATH", HEADRACE_SOURCE_DIR "/tests/servers/python"},
                              {"PYTHONDONTWRITEBYTECODE", "1"}}},
      Process::Standard{.input = listener.get(), .output = log.get(), .errors = log.get()});
}

std::string PythonServer::url(std::string_view path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
}

Fetched get_paths(Engine& engine, const PythonServer& server, std::size_t count) {
  std::vector<Request> requests;
  for (std::size_t i = 0; i < count; ++i)
    requests.push_back({.url = server.url("/" + std::to_string(i))});
  Fetched fetched;
  for (auto& [index, result] : as_completed(engine.submit_all(requests))) {
    const std::string path = "/" + std::to_string(index);
    if (result && result->status == 200 && result->body == path) {
      ++fetched.right;
    } else if (fetched.wrong.empty()) {
      fetched.wrong = path + ": " + (result ? result->body : to_string(result.error()));
    }
  }
  return fetched;
}

}  // namespace headrace::test
