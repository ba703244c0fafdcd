// That each kind of server does what its name says.

#include "tests/misbehaving/raw_client.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/patience.hpp"

using namespace headrace::sample;
using namespace headrace::test;
using namespace std::chrono_literals;

namespace {

struct Scene {
  explicit Scene(std::string_view name, Habits habits = {.every = 2, .answers = 2})
      : server(*find_misbehaviour(name), habits), client(server) {}

  MisbehavingServer server;
  RawClient client;
};

}  // namespace

TEST_CASE("honest answers a pipeline in order") {
  Scene scene("honest");
  scene.client.ask({"/1", "/2", "/3"});
  CHECK(scene.client.next() == "200 /1");
  CHECK(scene.client.next() == "200 /2");
  CHECK(scene.client.next() == "200 /3");
  const Tally tally = scene.server.tally();
  CHECK(tally.connections == 1);
  CHECK(tally.requests == 3);
  CHECK(tally.answers == 3);
}

TEST_CASE("http10 answers once, as HTTP/1.0, and closes") {
  Scene scene("http10");
  scene.client.ask({"/1"});
  CHECK(scene.client.rest() == "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n/1");
}

TEST_CASE("closes_after_k closes without a word, announces_close_after_k says so") {
  Scene silent("closes_after_k");
  silent.client.ask({"/1", "/2"});
  CHECK(silent.client.rest().find("close") == std::string::npos);
  CHECK(silent.server.tally().broken_pipelines == 0);

  Scene polite("announces_close_after_k");
  polite.client.ask({"/1", "/2"});
  const std::string answers = polite.client.rest();
  CHECK(answers.find("Connection: close") > answers.find("/1"));
  CHECK(answers.find("Connection: close") != std::string::npos);
}

TEST_CASE("closes_after_k leaves what follows unanswered: two or more are a broken pipeline") {
  const std::size_t more = GENERATE(1U, 2U);
  Scene scene("closes_after_k");
  if (more == 1)
    scene.client.ask({"/1", "/2", "/3"});
  else
    scene.client.ask({"/1", "/2", "/3", "/4"});
  CHECK(scene.client.next() == "200 /1");
  CHECK(scene.client.next() == "200 /2");
  CHECK(scene.client.next() == "closed");
  CHECK(scene.server.tally().broken_pipelines == more - 1);
}

TEST_CASE("ignores_followers and swallows_second forget what came with the first request") {
  Scene scene(GENERATE("ignores_followers", "swallows_second"));
  scene.client.ask({"/1", "/2", "/3"});
  CHECK(scene.client.next() == "200 /1");
  scene.client.ask({"/4"});
  CHECK(scene.client.next() == "200 /4");
  CHECK(scene.server.tally().requests == 4);
}

TEST_CASE("skips_second forgets one, and the answers behind it shift") {
  Scene scene("skips_second");
  scene.client.ask({"/1", "/2", "/3"});
  CHECK(scene.client.next() == "200 /1");
  CHECK(scene.client.next() == "200 /3");
}

TEST_CASE("reorders swaps pairs") {
  Scene scene("reorders");
  scene.client.ask({"/1", "/2", "/3"});
  CHECK(scene.client.next() == "200 /2");
  CHECK(scene.client.next() == "200 /1");
  CHECK(scene.client.next() == "200 /3");
}

TEST_CASE("extra_answers says more than it was asked for, behind what it was asked for") {
  Scene scene("extra_answers");
  scene.client.ask({"/1", "/2", "/3"});
  for (const char* answer : {"200 /1", "200 /2", "200 /3", "200 unasked"})
    CHECK(scene.client.next() == answer);
  scene.client.ask({"/4"});
  CHECK(scene.client.next() == "200 /4");
  CHECK(scene.client.next() == "200 unasked");
  CHECK(scene.server.tally().unasked == 2);
}

TEST_CASE("truncates ends within a chunk") {
  Scene scene("truncates");
  scene.client.ask({"/1"});
  CHECK(scene.client.next() == "200 /1");
  scene.client.ask({"/2"});
  CHECK(scene.client.rest().ends_with("chunked\r\n\r\nff\r\nnot all of it"));
}

TEST_CASE("talks_while_idle sends 408 once nothing is outstanding, and keeps the connection") {
  Scene scene("talks_while_idle", {.idle = 1ms});
  scene.client.ask({"/1"});
  CHECK(scene.client.next() == "200 /1");
  CHECK(scene.client.next() == "408 ");
  CHECK(scene.server.tally().open == 1);
}

TEST_CASE("slow_head answers its slow requests too") {
  Scene scene("slow_head", {.every = 2, .slow = 1ms});
  scene.client.ask({"/1", "/2", "/3"});
  for (const char* answer : {"200 /1", "200 /2", "200 /3"}) CHECK(scene.client.next() == answer);
}

TEST_CASE("hangs answers nothing more once one in company was unlucky") {
  Scene scene("hangs");
  scene.client.ask({"/1", "/2"});
  CHECK(scene.client.next() == "200 /1");
  RawClient alone(scene.server);
  for (const char* target : {"/3", "/4"}) {
    alone.ask({target});
    CHECK(alone.next() == "200 " + std::string(target));
  }
  CHECK(scene.server.tally().requests == 4);
  CHECK(scene.server.tally().answers == 3);
}

TEST_CASE("resets ends with a reset") {
  Scene scene("resets");
  scene.client.ask({"/1"});
  CHECK(scene.client.next() == "200 /1");
  scene.client.ask({"/2"});
  CHECK(scene.client.next() == "reset");
}

TEST_CASE("a server that is stopped lets go of its connections") {
  const auto& kind = GENERATE(from_range(misbehaviours()));
  CAPTURE(kind.name);
  auto server = std::make_unique<MisbehavingServer>(kind, Habits{.every = 1, .slow = patience});
  RawClient client(*server);
  client.ask({"/1", "/2"});
  server.reset();
  std::string end = client.next();
  while (end != "closed" && end != "reset") end = client.next();
  SUCCEED();
}

TEST_CASE("the kinds have names of their own and are listed") {
  const std::string list = list_of_misbehaviours();
  for (const Misbehaviour& kind : misbehaviours()) {
    CAPTURE(kind.name);
    CHECK(find_misbehaviour(kind.name) == &kind);
    CHECK(list.find("  " + std::string(kind.name) + " ") != std::string::npos);
  }
  CHECK(find_misbehaviour("nonsense") == nullptr);
}
