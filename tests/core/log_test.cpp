// What the log is told of connections and origins, and what it is never told.

#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/core/core.hpp"
#include "engine/http/prepare.hpp"
#include "tests/support/catch.hpp"

using namespace headrace;
using namespace headrace::core;
using namespace std::chrono_literals;

namespace {

constexpr const char* answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

// A core whose network takes everything at once.
class Logged {
 public:
  explicit Logged(Options options) : core_(with_log(std::move(options)), 1) {}

  void submit(const std::string& method = "GET", Headers fields = {}) {
    auto prepared = http::prepare(
        {.method = method, .url = "http://h/hidden?token=hidden", .headers = std::move(fields)},
        http::Base{}, false);
    REQUIRE(prepared);
    REQUIRE(core_.submit(now, {.prepared = *std::move(prepared)}));
    act();
  }

  // The connection that was asked for last.
  void dialled(Result<void> outcome = {}) {
    core_.on_dialled(now, dialling_, std::move(outcome));
    act();
  }

  void received(const std::string& bytes) {
    core_.on_received(now, written_, bytes);
    act();
  }

  void closed(Result<void> how) {
    core_.on_closed(now, written_, std::move(how));
    act();
  }

  void pass(Duration time) {
    now += time;
    core_.on_tick(now);
    act();
  }

  // With what came since it was asked last, most of it; a level before each.
  std::vector<std::string> lines(LogLevel least = LogLevel::debug) {
    std::vector<std::string> wanted;
    for (const auto& [level, line] : std::exchange(lines_, {}))
      if (level >= least) wanted.push_back(std::string(name_of(level)) + " " + line);
    return wanted;
  }

  Instant now = {};

 private:
  Options with_log(Options options) {
    options.log = [this](LogLevel level, std::string_view line) {
      lines_.emplace_back(level, line);
    };
    return options;
  }

  void act() {
    while (const auto action = core_.next_action()) {
      if (const auto* dial = std::get_if<Dial>(&*action)) dialling_ = dial->connection;
      if (const auto* write = std::get_if<Write>(&*action)) {
        written_ = write->connection;
        core_.on_written(now, written_, write->bytes.size());
      }
    }
  }

  std::vector<std::pair<LogLevel, std::string>> lines_;
  Core core_;
  ConnectionId dialling_, written_;
};

using Lines = std::vector<std::string>;
const Error refused{.code = ErrorCode::connect_failed, .detail = "connection refused"};

}  // namespace

TEST_CASE("the log follows a connection from its dial to its end") {
  Logged core({});
  core.submit();
  core.now += 12'345us;
  core.dialled();
  core.received(answer);
  core.pass(31s);
  CHECK(core.lines() == Lines{"debug http://h:80 connection 1: connecting",
                              "debug http://h:80 connection 1: open after 12.3 ms",
                              "debug http://h:80 connection 1: closed, it gave 1 answer"});
}

TEST_CASE("it says when the next dial is due, and what fails for want of a connection") {
  Logged core({.connections_max = 1, .connect_attempts = 2});
  core.submit();
  core.submit();
  core.dialled(std::unexpected(refused));
  const Lines first = core.lines(LogLevel::info);
  REQUIRE(first.size() == 1);
  CHECK(first[0].starts_with(
      "info http://h:80 connection 1: connection refused; the next attempt is in "));
  core.pass(1s);
  core.dialled(std::unexpected(refused));
  CHECK(core.lines(LogLevel::info) ==
        Lines{"warning http://h:80 connection 2: connection refused; 2 requests fail"});
}

TEST_CASE("it says whom a lost connection costs what, and what is learnt from it") {
  Logged core({.connections_max = 1});
  core.submit();
  core.dialled();
  core.received(answer);
  core.submit();
  core.submit();
  core.lines();
  core.closed({});
  CHECK(core.lines(LogLevel::info) ==
        Lines{"info http://h:80 connection 1: the server closed the connection before it answered; "
              "2 requests go elsewhere",
              "info http://h:80: pipelining is unknown, 5 requests deep: halved after a connection "
              "was lost with a pipeline on it"});
  core.dialled();
  core.received(answer);
  core.received(answer);
  core.submit("POST");
  core.lines();
  core.closed(std::unexpected(Error{.code = ErrorCode::connection_lost, .detail = "reset"}));
  CHECK(core.lines(LogLevel::info) ==
        Lines{"warning http://h:80 connection 2: reset; 1 request fails"});
}

TEST_CASE("it says what moves away from a silent connection, and what is asked again") {
  Logged core({.connections_max = 1, .retry_statuses = {503}, .hang_timeout = 300ms});
  core.submit();
  core.dialled();
  core.received(answer);
  core.submit();
  core.submit();
  core.lines();
  core.pass(400ms);
  CHECK(core.lines(LogLevel::info).at(0) ==
        "info http://h:80 connection 1: silent for 400.0 ms; 1 request goes elsewhere");
  core.received("HTTP/1.1 503 Later\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n");
  CHECK(core.lines(LogLevel::info).at(0) ==
        "info http://h:80: a request was answered 503, and is sent again in 0.0 ms");
}

TEST_CASE("an answer that can't be read is in the log escaped, and nothing of a request is") {
  Logged core({});
  core.submit("GET", {{"Authorization", "hidden"}});
  core.dialled();
  core.received("HTTP/1.1 200 OK\r\nContent-Length: 1\x01\x02\r\n\r\n");
  const Lines lines = core.lines();
  REQUIRE(lines.size() == 4);
  CHECK(lines[2].starts_with("warning http://h:80 connection 1: "));
  for (const std::string& line : lines) {
    CHECK(line.find("hidden") == std::string::npos);
    for (const char c : line) CHECK(static_cast<unsigned char>(c) >= 0x20);
  }
}

TEST_CASE("what the log throws is dropped") {
  Core core({.log = [](LogLevel, std::string_view) { throw std::runtime_error("full"); }}, 1);
  auto prepared = http::prepare({.url = "http://h/"}, http::Base{}, false);
  REQUIRE(core.submit({}, {.prepared = *std::move(prepared)}));
  const auto dial = core.next_action();
  REQUIRE(dial);
  CHECK(std::holds_alternative<Dial>(*dial));
}
