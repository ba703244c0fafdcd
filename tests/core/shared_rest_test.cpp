#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "engine/core/core.hpp"
#include "engine/http/prepare.hpp"
#include "tests/support/catch.hpp"

using namespace headrace;
using namespace headrace::core;

namespace {

http::Prepared plain(const std::string& url) {
  return http::prepare({.url = url}, http::Base{}, false).value();
}

// What is written of two requests, one after the other on one connection.
std::string written(http::Prepared first, http::Prepared second) {
  Core core({.connections_max = 1}, 1);
  REQUIRE(core.submit({}, {.prepared = std::move(first)}));
  REQUIRE(core.submit({}, {.prepared = std::move(second)}));
  const ConnectionId connection = std::get<Dial>(core.next_action().value()).connection;
  core.on_dialled({}, connection, {});
  std::string bytes;
  for (int i = 0; i < 2; ++i) {
    const Write write = std::get<Write>(core.next_action().value());
    bytes += write.bytes;
    core.on_written({}, connection, write.bytes.size());
    core.on_received({}, connection, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  }
  return bytes;
}

}  // namespace

TEST_CASE("requests that share what is not their own are written whole") {
  CHECK(written(plain("http://h/a"), plain("http://h/b")) ==
        plain("http://h/a").text() + plain("http://h/b").text());
}

TEST_CASE("a request that should share and says something else is written as it says") {
  const auto other = [] {
    http::Prepared prepared = plain("http://h/b");
    auto site = std::make_shared<http::Site>(*prepared.site);
    site->rest = " HTTP/1.1\r\nHost: other\r\n\r\n";
    prepared.site = site.get();
    prepared.keeper = std::move(site);
    return prepared;
  };
  const std::string usual = plain("http://h/a").text();
  const std::string different = "GET /b HTTP/1.1\r\nHost: other\r\n\r\n";
  CHECK(written(plain("http://h/a"), other()) == usual + different);
  CHECK(written(other(), plain("http://h/a")) == different + usual);
}
