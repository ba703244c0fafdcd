#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "tests/support/scripted_server.hpp"

namespace headrace::test {

// What stands behind the real servers, for what files can't show:
//
//     GET /app/chunked/7   the body of the 7th file, in chunks
//     POST /app/echo       the request's body, which is remembered
class Application {
 public:
  Application();

  std::uint16_t port() const { return server_.port(); }

  // How often a POST with that body arrived.
  std::size_t times_posted(const std::string& body) const;

 private:
  void answer(Peer& peer);

  mutable std::mutex mutex_;
  std::map<std::string, std::size_t> posted_;
  ScriptedServer server_;  // the last: its threads use the others
};

}  // namespace headrace::test
