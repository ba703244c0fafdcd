#include "tests/servers/battery.hpp"

#include <functional>
#include <set>

#include "tests/servers/table.hpp"

namespace headrace::test {
namespace {

constexpr std::size_t count = 1'000;
constexpr std::size_t count_limited = 400;  // where each may cost a connection

// So many GETs, and whether the engine went on to pipeline them.
struct Round {
  Tally tally;
  bool pipelined = false;
};

Round fetch(const UnderTest& server, Scheme scheme, std::size_t times) {
  Engine engine(server.options());
  Round out{.tally = get_files(engine, server.files(), scheme, times)};
  CHECK(out.tally.right == times);
  CHECK(out.tally.wrong == std::vector<std::string>());
  const std::string capability = engine.stats().origins.at(0).capability;
  out.pipelined = capability == "capable" || capability == "on_trial";
  return out;
}

std::string described(const Round& round) {
  const std::size_t connections = round.tally.connections.size();
  if (connections == count) return "one a connection";
  return std::string(round.pipelined ? "pipelined" : "one at a time") + ", on " +
         std::to_string(connections) + " connections";
}

// The piece so many times, without saying beforehand how much that will be.
BodySource source_of(const std::string& piece, std::size_t times) {
  return {.next = [piece, times]() mutable {
    return Future<std::string>(Result<std::string>(times-- > 0 ? piece : std::string()));
  }};
}

std::string get_in_chunks(Engine& engine, const UnderTest& server, Scheme scheme) {
  std::vector<Request> requests;
  for (std::size_t i = 0; i < 200; ++i)
    requests.push_back(
        {.url = url_of(server.files(), scheme, "/app/chunked/" + std::to_string(i))});
  std::set<std::string> codings;  // "": none
  for (auto& [index, answer] : as_completed(engine.submit_all(requests))) {
    REQUIRE(answer);
    CHECK(answer->body == WebServer::body_of(index));
    codings.emplace(answer->headers.get("Transfer-Encoding").value_or(""));
  }
  if (server.files().may_give_lengths()) return "chunked, or with its length if whole by then";
  CHECK(codings == std::set<std::string>{"chunked"});
  return "chunked";
}

std::string post_in_chunks(Engine& engine, const UnderTest& server, Scheme scheme) {
  std::vector<Request> requests;
  std::vector<std::string> bodies;
  for (int i = 0; i < 20; ++i) {
    const std::string piece = url_of(server.files(), scheme, "/chunk ") + std::to_string(i) + ";";
    bodies.push_back(piece + piece + piece);
    requests.push_back({.method = "POST",
                        .url = url_of(server.files(), scheme, "/app/echo"),
                        .body_source = source_of(piece, 3)});
  }
  std::set<int> statuses;
  auto calls = engine.submit_all(requests);
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const auto answer = calls[i].wait();
    if (!answer) {
      CHECK(server.ends_unannounced(scheme));
      CHECK(answer.error().code == ErrorCode::connection_lost);
      continue;
    }
    const bool taken = answer->status == 200;
    statuses.insert(answer->status);
    CHECK((answer->body == bodies[i]) == taken);
    CHECK(server.application().times_posted(bodies[i]) == (taken ? 1 : 0));
  }
  REQUIRE(statuses.size() == 1);
  return std::to_string(*statuses.begin());
}

}  // namespace

void ask_for_files(const UnderTest& server, Scheme scheme) {
  check_cell(server.row(scheme), "1,000 GETs", described(fetch(server, scheme, count)));
}

void ask_by_every_method(const UnderTest& server, Scheme scheme) {
  Engine engine(server.options());
  check_cell(
      server.row(scheme), "POST to a file",
      std::to_string(mix_methods(engine, server.files(), scheme, server.ends_unannounced(scheme))));
}

void ask_in_chunks(const UnderTest& server, Scheme scheme) {
  Engine engine(server.options());
  check_cell(server.row(scheme), "a body in chunks comes", get_in_chunks(engine, server, scheme));
  check_cell(server.row(scheme), "POST in chunks", post_in_chunks(engine, server, scheme));
}

void ask_a_limited_one(const UnderTest& server, Scheme scheme) {
  const std::size_t most = most_on_a_connection(fetch(server, scheme, count_limited).tally);
  const std::string limit = server.limit(scheme);
  check_cell(server.row(scheme), "a limit of answers per connection",
             limit.empty() ? "no such option" : limit + ": " + std::to_string(most));
}

}  // namespace headrace::test
