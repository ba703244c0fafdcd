// S43: a forked child leaves the parent's connections alone, its copies of old futures fail, and
// the engine works there from the next submit on. What a child finds out is its exit status.

#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "tests/loopback/scene.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/forked_child.hpp"
#include "tests/support/socket.hpp"

namespace headrace::test {
namespace {

using namespace std::chrono_literals;

void answer_with_target(Peer& peer) {
  for (;;) peer.send(ok(peer.read_request().target));
}

// A closed number may have been given to another file.
bool same_file(int descriptor, int other) {
  struct stat one{};
  struct stat two{};
  return fstat(descriptor, &one) == 0 && fstat(other, &two) == 0 && one.st_dev == two.st_dev &&
         one.st_ino == two.st_ino;
}

bool answers(Engine& engine, const ScriptedServer& server, std::string_view path) {
  Future<Response> call = engine.submit(get(server, path));
  return body_of(call) == path;
}

TEST_CASE("S43: in a child what was under way fails forked, and the parent gets its answer") {
  ScriptedServer server;
  Engine engine(on_one_connection());
  Peer peer = accept_proven(engine, server);
  Future<Response> call = engine.submit(get(server, "/slow"));
  CHECK(peer.read_request().target == "/slow");

  ForkedChild child([&] {
    const bool ready = call.ready();
    const Error error = error_of(call);
    return first_false({ready, error.code == ErrorCode::forked, error.phase == Phase::queue,
                        error.progress == Progress::responding, !error.safe_to_repeat,
                        error.origin == "http://127.0.0.1:" + std::to_string(server.port()),
                        !error.detail.empty(), !call.valid()});
  });
  CHECK(child.wait() == 0);
  CHECK(peer.silent());
  CHECK_FALSE(call.ready());
  peer.send(ok("slow"));
  CHECK(call.get().body == "slow");
  Future<Response> next = engine.submit(get(server, "/next"));
  CHECK(peer.read_request().target == "/next");  // on the same connection, and nothing between
  peer.send(ok("next"));
  CHECK(next.get().body == "next");
}

TEST_CASE("S43: what was complete before a fork keeps its value in both processes") {
  ScriptedServer server;
  server.serve(answer_with_target);
  Engine engine;
  Future<Response> call = engine.submit(get(server, "/a"));
  CHECK(call.wait_for(patience));
  ForkedChild child([&] { return first_false({call.ready(), body_of(call) == "/a"}); });
  CHECK(child.wait() == 0);
  CHECK(body_of(call) == "/a");
}

TEST_CASE("S43: a child's submit works, on connections of its own") {
  ScriptedServer server;
  ScriptedServer of_child;
  of_child.serve(answer_with_target);
  Engine engine(on_one_connection());
  Peer peer = accept_proven(engine, server);
  ForkedChild child([&] {
    auto calls = engine.submit_all({get(of_child, "/b"), {.url = "nonsense"}});
    return first_false({answers(engine, of_child, "/a"), body_of(calls[0]) == "/b",
                        code_of(calls[1]) == ErrorCode::invalid_argument,
                        answers(engine, of_child, "/c")});
  });
  CHECK(child.wait() == 0);
  CHECK(peer.silent());
  Future<Response> call = engine.submit(get(server, "/parents"));
  CHECK(peer.read_request().target == "/parents");
  peer.send(ok("still here"));
  CHECK(call.get().body == "still here");
}

TEST_CASE("S43: a child of a child works too, and each ends its own engine alone") {
  ScriptedServer server;
  server.serve(answer_with_target);
  Engine engine;
  CHECK(answers(engine, server, "/parent"));
  ForkedChild child([&] {
    if (!answers(engine, server, "/child")) return 1;
    ForkedChild grandchild([&] {
      const bool answered = answers(engine, server, "/grandchild");
      engine.shut_down({});
      Future<Response> late = engine.submit(get(server, "/late"));
      return first_false({answered, code_of(late) == ErrorCode::closed});
    });
    if (grandchild.wait() != 0) return 2;
    return answers(engine, server, "/child_again") ? 0 : 3;
  });
  CHECK(child.wait() == 0);
  CHECK(answers(engine, server, "/parent_again"));
}

TEST_CASE("S43: threads of a child that submit first, and at once, find one engine") {
  ScriptedServer server;
  server.serve(answer_with_target);
  Engine engine({.connections_max = 1});
  CHECK(answers(engine, server, "/parent"));
  ForkedChild child([&] {
    std::atomic<int> failed = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
      threads.emplace_back([&] {
        for (int k = 0; k < 5; ++k)
          if (!answers(engine, server, "/child")) ++failed;
      });
    for (std::thread& thread : threads) thread.join();
    engine.shut_down({});
    return failed == 0 ? 0 : 1;
  });
  CHECK(child.wait() == 0);
}

TEST_CASE("S43: a child that ends its copy of an engine writes nothing, over TLS neither") {
  Certificates authority;
  const auto files = authority.issue({.ips = {"127.0.0.1"}});
  ScriptedServer server(showing(files));
  Options options = on_one_connection();
  options.tls.ca_file = authority.ca_file();
  std::optional<Engine> engine(std::in_place, options);
  Future<Response> proof = engine->submit(get(server, "/proof"));
  Peer peer = server.accept();
  peer.read_request();
  peer.send(ok());
  proof.get();
  Future<Response> call = engine->submit(get(server, "/a"));
  peer.read_request();

  ForkedChild child([&] {
    const bool empty = engine->stats().origins.empty() && engine->profiles().empty();
    engine->shut_down(1h);
    Future<Response> late = engine->submit(get(server, "/late"));
    const bool closed = code_of(late) == ErrorCode::closed;
    engine.reset();
    return first_false({empty, closed, code_of(call) == ErrorCode::forked});
  });
  CHECK(child.wait() == 0);
  CHECK(peer.silent());
  peer.send(ok("fine"));
  CHECK(call.get().body == "fine");
}

TEST_CASE("S43: an engine that was shut down stays so in a child") {
  ScriptedServer server;
  Engine engine;
  engine.shut_down({});
  ForkedChild child([&] {
    Future<Response> call = engine.submit(get(server, "/a"));
    const Error error = error_of(call);
    return first_false({error.code == ErrorCode::closed, error.safe_to_repeat});
  });
  CHECK(child.wait() == 0);
}

TEST_CASE("S43: a living child does not keep the parent's connections open") {
  ScriptedServer server;
  auto engine = std::make_unique<Engine>(on_one_connection());
  Peer peer = accept_proven(*engine, server);
  int ends[2];
  checked(pipe(ends), "pipe");
  Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);
  ForkedChild child([&] {
    writing.reset();
    char end = 0;
    return read(reading.get(), &end, 1) == 0 ? 0 : 1;
  });
  engine.reset();
  peer.expect_closed();
  writing.reset();  // and only now the child ends
  CHECK(child.wait() == 0);
}

TEST_CASE("S43: a child closes no descriptor that has become somebody else's") {
  ScriptedServer server;
  const std::uint16_t refusing = ScriptedServer().port();
  std::vector<Descriptor> others;
  {
    Engine ended({.connect_attempts = 1});
    Future<Response> refused = ended.get("http://127.0.0.1:" + std::to_string(refusing) + "/");
    CHECK(code_of(refused) == ErrorCode::connect_failed);
    Future<Response> call = ended.submit(get(server, "/a"));
    Peer peer = server.accept();
    peer.read_request();
    peer.send(ok("", "Connection: close\r\n"));
    call.get();
  }
  for (int i = 0; i < 50; ++i) others.emplace_back(checked(dup(STDIN_FILENO), "dup"));
  ForkedChild child([&] {
    int number = 0;
    for (const Descriptor& other : others) {
      ++number;
      if (!same_file(other.get(), STDIN_FILENO)) return number;
    }
    return 0;
  });
  CHECK(child.wait() == 0);
}

TEST_CASE("S43: a child may end by exit() after its parent has resolved names") {
  ScriptedServer server;
  server.serve(answer_with_target);
  Engine engine;
  Future<Response> by_name = engine.get(server.url_by_name("localhost", "/named"));
  CHECK(body_of(by_name) == "/named");
  std::fflush(nullptr);  // the child would write it too
  ForkedChild idle([]() -> int { std::exit(3); });
  CHECK(idle.wait() == 3);
  ForkedChild busy([&]() -> int { std::exit(answers(engine, server, "/child") ? 4 : 5); });
  CHECK(busy.wait() == 4);
}

TEST_CASE("S43: children forked while many threads submit are no worse off") {
  ScriptedServer server;
  server.serve(answer_with_target);
  Engine engine;
  std::atomic<bool> enough = false;
  std::atomic<int> failed = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      while (!enough) {
        Calls calls = engine.submit_all({get(server, "/1"), get(server, "/2"), get(server, "/3")});
        calls.erase(calls.begin());  // cancelled
        for (auto& [index, result] : as_completed(std::move(calls)))
          if (!result || result->body != (index == 0 ? "/2" : "/3")) ++failed;
      }
    });
  for (int i = 0; i < 20; ++i) {
    Future<Response> call = engine.submit(get(server, "/before"));
    ForkedChild child([&] {
      const Result<Response> before = call.wait();
      const bool known =
          before ? before->body == "/before" : before.error().code == ErrorCode::forked;
      return first_false({known, answers(engine, server, "/child")});
    });
    CHECK(child.wait() == 0);
    CHECK(body_of(call) == "/before");
  }
  enough = true;
  for (std::thread& thread : threads) thread.join();
  CHECK(failed == 0);
}

// What the engine's thread is copied in the middle of.
struct ForkInCallback {
  ScriptedServer server;
  ScriptedServer of_child;
  Engine engine{on_one_connection()};
  Peer peer = accept_proven(engine, server);

  // Forks in the callback of the first of two calls, on the engine's own thread since nobody waits;
  // `body` runs in the child.
  template <class Body>
  int run(Body body) {
    std::promise<pid_t> forked;
    Calls calls = engine.submit_all({get(server, "/1"), get(server, "/2")});
    Future<void> done = calls[0].then([&](Result<Response>) {
      const pid_t pid = fork();
      if (pid == 0) {
        limit_life_of_child();
        body();
        return;
      }
      forked.set_value(pid);
    });
    const pid_t parent = getpid();
    Future<bool> second = calls[1].then([&](Result<Response>) { return getpid() == parent; });
    peer.read_requests(2);
    peer.send(ok("1") + ok("2"));
    const int status = exit_status_of(forked.get_future().get());
    done.get();
    CHECK(second.get());
    return status;
  }
};

TEST_CASE("S43: a child forked in a callback may use the engine") {
  ForkInCallback scene;
  scene.of_child.serve(answer_with_target);
  CHECK(scene.run([&] { _exit(answers(scene.engine, scene.of_child, "/child") ? 0 : 1); }) == 0);
  CHECK(scene.peer.silent());
}

TEST_CASE("S43: a child that returns from the callback it was forked in ends with a failure") {
  ForkInCallback scene;
  CHECK(scene.run([] {}) == EXIT_FAILURE);
  CHECK(scene.peer.silent());
  Future<Response> call = scene.engine.submit(get(scene.server, "/after"));
  CHECK(scene.peer.read_request().target == "/after");
  scene.peer.send(ok("after"));
  CHECK(call.get().body == "after");
}

TEST_CASE("S43: forked in a callback on a thread that waits, the child goes on there") {
  ScriptedServer server;
  server.serve(answer_with_target);
  Engine engine(on_one_connection());
  const std::thread::id here = std::this_thread::get_id();
  const pid_t parent = getpid();
  std::optional<pid_t> forked;
  // The engine's own thread may be quicker at first.
  while (!forked) {
    Calls calls = engine.submit_all({get(server, "/1"), get(server, "/2"), get(server, "/3")});
    Future<int> first = calls[0].then([&](Result<Response> response) {
      if (std::this_thread::get_id() != here) return 0;
      forked = fork();
      if (*forked == 0) limit_life_of_child();
      return response ? 7 : 8;
    });
    Future<bool> second = calls[1].then([&](Result<Response>) { return getpid() == parent; });
    const int number = first.get();
    if (getpid() != parent) {
      const Result<bool> late = second.wait();
      const Result<Response> other = calls[2].wait();
      const bool known = other ? other->body == "/3" : other.error().code == ErrorCode::forked;
      _exit(first_false({number == 7, !late && late.error().code == ErrorCode::forked, known,
                         answers(engine, server, "/child")}));
    }
    CHECK(number == (forked ? 7 : 0));
    CHECK(second.get());
    CHECK(body_of(calls[2]) == "/3");
  }
  CHECK(exit_status_of(*forked) == 0);
  CHECK(answers(engine, server, "/parent"));
}

}  // namespace
}  // namespace headrace::test
