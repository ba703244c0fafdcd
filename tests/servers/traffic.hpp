#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "headrace/headrace.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/web_server.hpp"

// What the tests ask of every real server.
namespace headrace::test {

enum class Scheme { http, https };

inline std::string url_of(const WebServer& server, Scheme scheme, std::string_view path) {
  return scheme == Scheme::https ? server.secure_url(path) : server.url(path);
}

inline Options five_by_five(const WebServer& server) {
  Options options{.connections_max = 5, .pipeline_depth = 5};
  options.tls.ca_file = server.ca_file();
  return options;
}

// How `count` GETs of the server's files went.
struct Tally {
  std::size_t right = 0;
  std::map<std::uint64_t, std::size_t> connections;  // answers by connection
  std::vector<std::string> wrong;                    // the first few
};

inline Tally get_files(Engine& engine, const WebServer& server, Scheme scheme, std::size_t count) {
  std::vector<Request> requests;
  for (std::size_t i = 0; i < count; ++i)
    requests.push_back({.url = url_of(server, scheme, WebServer::path_of(i))});
  Tally tally;
  for (auto& [index, result] : as_completed(engine.submit_all(requests))) {
    if (result && result->status == 200 && result->body == WebServer::body_of(index)) {
      ++tally.right;
      ++tally.connections[result->connection_id];
    } else if (tally.wrong.size() < 5) {
      tally.wrong.push_back(result ? "wrong answer: " + result->body : to_string(result.error()));
    }
  }
  return tally;
}

// How often the engine may have written a request once more: it had waited behind a silent head, as
// on a busy machine many do, or its connection was lost (S13, S22).
inline std::size_t written_again(const Engine& engine) {
  std::size_t times = 0;
  for (const OriginStats& origin : engine.stats().origins)
    times += origin.counters.moved_hung + origin.counters.resent_lost;
  return times;
}

// How many answers came over the connection that gave most.
inline std::size_t most_on_a_connection(const Tally& tally) {
  std::size_t most = 0;
  for (const auto& [connection, answers] : tally.connections) most = std::max(most, answers);
  return most;
}

// What the server itself saw in the given column of its log.
inline std::set<std::string> logged(const WebServer& server, std::size_t column) {
  std::set<std::string> out;
  for (const auto& words : server.log()) out.insert(words.at(column));
  return out;
}

// GETs with HEADs, misses and POSTs between them, each answered as it must be; the status that all
// POSTs got. Some may have been lost with their connections, where the server is one that ends them
// unannounced: those are not sent again.
inline int mix_methods(Engine& engine, const WebServer& server, Scheme scheme,
                       bool posts_may_be_lost = false) {
  const std::string file = url_of(server, scheme, WebServer::path_of(7));
  std::vector<Request> requests;
  for (int i = 0; i < 40; ++i) {
    requests.push_back({.url = file});
    requests.push_back({.method = "HEAD", .url = file});
    requests.push_back({.url = url_of(server, scheme, "/missing")});
    requests.push_back({.method = "POST", .url = file, .body = "a body"});
  }
  std::set<int> of_posts;
  auto calls = engine.submit_all(requests);
  for (std::size_t i = 0; i < calls.size(); i += 4) {
    CHECK(calls[i].get().body == WebServer::body_of(7));
    const Response head = calls[i + 1].get();
    CHECK(head.status == 200);
    CHECK(head.body.empty());
    CHECK(head.headers.get("Content-Length") == std::to_string(WebServer::body_of(7).size()));
    CHECK(calls[i + 2].get().status == 404);
    const auto post = calls[i + 3].wait();
    if (post)
      of_posts.insert(post->status);
    else
      CHECK((posts_may_be_lost && post.error().code == ErrorCode::connection_lost));
  }
  REQUIRE(of_posts.size() == 1);
  return *of_posts.begin();
}

}  // namespace headrace::test
