// S45: what the engine tells of itself.

#include <vector>

#include "tests/c/scene.hpp"

using namespace headrace::test;

namespace {

struct Lines {
  std::vector<std::string> all;

  static void take(void* context, hr_log_level level, const char* line) {
    static_cast<Lines*>(context)->all.push_back(std::string(hr_log_level_name(level)) + " " + line);
  }
};

}  // namespace

TEST_CASE("S45: the log says what happens to a connection") {
  ScriptedServer server;
  Lines lines;
  hr_options given = options();
  given.log = Lines::take;
  given.log_context = &lines;
  EngineHandle cloud = engine(given);
  const std::string url = server.url("/a");
  const FutureHandle call = submit(cloud, get(url));
  Peer peer = server.accept();
  peer.read_request();
  peer.send(ok());
  CHECK(body_of(call).empty());
  cloud.reset();  // its threads are over: nobody writes there now
  const std::string name = server.url("") + " connection 1: ";
  REQUIRE(lines.all.size() == 3);
  CHECK(lines.all[0] == "debug " + name + "connecting");
  CHECK(lines.all[1].starts_with("debug " + name + "open after "));
  CHECK(lines.all[2] == "debug " + name + "closed, it gave 1 answer");
}
