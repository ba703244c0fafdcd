// What is known of addresses without asking: which fail, and what the options say.

#include "engine/io/failing_addresses.hpp"
#include "engine/io/known_addresses.hpp"
#include "tests/support/catch.hpp"

namespace headrace::io {
namespace {

using Texts = std::vector<std::string>;
using namespace std::chrono_literals;

constexpr Instant start{};

Address address(const char* text, std::uint16_t port = 80) {
  return literal_address(text, port).value();
}

Texts texts(const std::vector<Address>& addresses) {
  Texts out;
  for (const Address& one : addresses) out.push_back(to_string(one));
  return out;
}

KnownAddresses known(const Options& options) {
  KnownAddresses made;
  if (auto read = KnownAddresses::read(options)) made = *std::move(read);
  return made;  // knowing nothing, which no test expects
}

std::string refusal(const Options& options) {
  const auto read = KnownAddresses::read(options);
  return read ? "accepted" : read.error().detail;
}

TEST_CASE("addresses that failed lately come last, the one whose failure is oldest first") {
  const std::vector<Address> all = {address("::1"), address("10.0.0.1"), address("10.0.0.2"),
                                    address("10.0.0.3")};
  FailingAddresses failing;
  CHECK(texts(failing.put_last(start, all)) == texts(all));
  failing.on_failed(start + 1s, all[0]);
  failing.on_failed(start, all[2]);
  CHECK(texts(failing.put_last(start + 1s, all)) ==
        Texts{"10.0.0.1:80", "10.0.0.3:80", "10.0.0.2:80", "[::1]:80"});

  SECTION("for a minute") {
    const Instant later = start + limits::failing_address_kept;
    CHECK(texts(failing.put_last(later, all)) ==
          Texts{"10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80", "[::1]:80"});
  }
  SECTION("until they accept") {
    failing.on_connected(all[0]);
    CHECK(texts(failing.put_last(start + 1s, all)).front() == "[::1]:80");
  }
  SECTION("and only on that port") {
    const std::vector<Address> others = {address("::1", 81), address("10.0.0.1", 81)};
    CHECK(texts(failing.put_last(start + 1s, others)) == texts(others));
  }
}

TEST_CASE("no more failing addresses are remembered than a number; the oldest failure goes") {
  FailingAddresses failing(2);
  failing.on_failed(start, address("10.0.0.1"));
  failing.on_failed(start + 1s, address("10.0.0.2"));
  failing.on_failed(start + 2s, address("10.0.0.3"));
  CHECK(failing.size() == 2);
  const std::vector<Address> all = {address("10.0.0.2"), address("10.0.0.1")};
  CHECK(texts(failing.put_last(start + 2s, all)) == Texts{"10.0.0.1:80", "10.0.0.2:80"});
}

TEST_CASE("the options say where hosts are; the first entry that fits counts") {
  const KnownAddresses addresses = known({.host_addresses = {
                                              {"Cloud.example", 443, {"10.0.0.1", "::1"}},
                                              {"cloud.example", 0, {"10.0.0.2"}},
                                              {"10.1.1.1", 80, {"10.0.0.3"}},
                                              {"2001:db8::1", 80, {"10.0.0.4"}},
                                              {"*", 8080, {"10.0.0.5"}},
                                          }});
  CHECK(texts(addresses.of("cloud.example", 443)) == Texts{"10.0.0.1:443", "[::1]:443"});
  CHECK(texts(addresses.of("cloud.example", 8080)) == Texts{"10.0.0.2:8080"});
  CHECK(texts(addresses.of("10.1.1.1", 80)) == Texts{"10.0.0.3:80"});
  CHECK(texts(addresses.of("10.1.1.1", 81)) == Texts{"10.1.1.1:81"});
  CHECK(texts(addresses.of("2001:db8::1", 80)) == Texts{"10.0.0.4:80"});
  CHECK(texts(addresses.of("other.example", 8080)) == Texts{"10.0.0.5:8080"});
  CHECK(addresses.of("other.example", 80).empty());
}

TEST_CASE("an origin's Unix socket comes before the engine's, and that before any address") {
  const http::Origin own{.host = "own.example", .port = 80};
  const http::Origin other{.host = "10.0.0.1", .port = 80};
  Options options{.origins = {{.origin = "http://own.example", .unix_socket = "/run/own"}}};
  CHECK(texts(known(options).of(own)) == Texts{"unix:/run/own"});
  CHECK(texts(known(options).of(other)) == Texts{"10.0.0.1:80"});
  options.unix_socket = "all";
  CHECK(texts(known(options).of(own)) == Texts{"unix:/run/own"});
  CHECK(texts(known(options).of(other)) == Texts{"unix:all"});
  CHECK(texts(known(options).of("10.0.0.1", 80)) == Texts{"10.0.0.1:80"});
}

TEST_CASE("what can be no address is refused with the option's name") {
  const auto host = [](HostAddresses entry) { return refusal({.host_addresses = {entry}}); };
  for (const char* wrong : {"", "a b", "a:80", "a/b", "user@a", "[::1]"}) {
    INFO(wrong);
    CHECK(host({wrong, 80, {"::1"}}) ==
          "option host_addresses[0].host is neither a host name, nor an IP address, nor \"*\"");
  }
  CHECK(host({"a", 80, {}}) == "option host_addresses[0].addresses are 0, allowed are 1 to 16");
  CHECK(host({"a", 80, Texts(17, "::1")}) ==
        "option host_addresses[0].addresses are 17, allowed are 1 to 16");
  CHECK(host({"a", 80, {"::1", "b.example"}}) ==
        "option host_addresses[0].addresses has one that is no IP address");
  CHECK(refusal({.unix_socket = std::string(107, 'x')}) == "accepted");
  for (const std::string& path : {std::string(108, 'x'), std::string("a\0b", 3)})
    CHECK(refusal({.unix_socket = path}).starts_with("option unix_socket: a Unix socket's path"));
  CHECK(refusal({.origins = {{.origin = "http://a", .unix_socket = std::string(108, 'x')}}})
            .starts_with("option origins[0].unix_socket: "));
}

}  // namespace
}  // namespace headrace::io
