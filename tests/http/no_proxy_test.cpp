// What curl documents of NO_PROXY, and what its code answers to the edges.

#include "engine/http/no_proxy.hpp"

#include "engine/http/ip_address.hpp"
#include "tests/support/catch.hpp"

namespace headrace::http {
namespace {

struct Row {
  const char* list;
  const char* host;
  bool named;
};

constexpr Row rows[] = {
    {"", "local.com", false},
    {"*", "local.com", true},
    {" * ", "10.0.0.1", true},
    {"*,other.com", "local.com", false},
    {"*.com", "local.com", false},
    // Names, and those below them.
    {"local.com", "local.com", true},
    {"local.com", "www.local.com", true},
    {"local.com", "a.b.local.com", true},
    {"local.com", "www.notlocal.com", false},
    {"local.com", "notlocal.com", false},
    {"www.local.com", "local.com", false},
    {"local.com", "local.com.evil.example", false},
    {"LOCAL.com", "local.com", true},
    {".local.com", "local.com", true},
    {".local.com", "www.local.com", true},
    {".local.com", "notlocal.com", false},
    {"local.com.", "local.com", true},
    {"local.com", "local.com.", true},
    {"localhost", "localhost", true},
    {".", "local.com", false},
    {"com", "local.com", true},
    {"local.com:80", "local.com", false},
    // Lists.
    {"a.com,b.com", "b.com", true},
    {"a.com, b.com", "b.com", true},
    {"a.com b.com\tc.com", "c.com", true},
    {",,a.com,,", "a.com", true},
    {",,a.com,,", "b.com", false},
    // Addresses and networks.
    {"10.0.0.1", "10.0.0.1", true},
    {"10.0.0.1", "10.0.0.11", false},
    {"0.0.1", "10.0.0.1", false},
    {".10.0.0.1", "10.0.0.1", false},
    {"10.0.0.0/8", "10.200.3.4", true},
    {"10.0.0.0/8", "11.0.0.0", false},
    {"192.168.0.0/15", "192.169.9.9", true},
    {"192.168.0.0/15", "192.170.0.0", false},
    {"192.168.1.4/31", "192.168.1.5", true},
    {"192.168.1.4/31", "192.168.1.6", false},
    {"192.168.1.4/32", "192.168.1.4", true},
    {"0.0.0.0/0", "8.8.8.8", true},
    {"0.0.0.0/0", "::1", false},
    {"10.0.0.0/33", "10.0.0.0", false},
    {"10.0.0.0/", "10.0.0.0", false},
    {"10.0.0.0/8x", "10.0.0.0", false},
    {"10.0.0.0/-1", "10.0.0.0", false},
    {"10.0.0.0/8", "10.example", false},
    {"::1", "::1", true},
    {"[::1]", "::1", true},
    {"0:0::1", "::1", true},
    {"2001:db8::/32", "2001:db8:1::9", true},
    {"2001:db8::/32", "2001:db9::", false},
    {"[2001:db8::]/32", "2001:db8::1", true},
    {"2001:db8::/129", "2001:db8::", false},
    {"::ffff:10.0.0.1", "10.0.0.1", false},
};

TEST_CASE("NO_PROXY names hosts as curl documents it") {
  for (const Row& row : rows) {
    INFO("\"" << row.list << "\" and " << row.host);
    CHECK(is_named_by(row.list, row.host) == row.named);
  }
}

TEST_CASE("IP addresses are read strictly") {
  const auto bytes = [](std::string_view text) -> std::vector<int> {
    const auto ip = parse_ip(text);
    if (!ip) return {};
    return {ip->bytes.begin(), ip->bytes.begin() + static_cast<std::ptrdiff_t>(ip->size)};
  };
  CHECK(bytes("10.0.200.255") == std::vector{10, 0, 200, 255});
  CHECK(bytes("::") == std::vector<int>(16));
  CHECK(bytes("1:2:3:4:5:6:7:fFfF") ==
        std::vector{0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 255, 255});
  CHECK(bytes("1::8") == std::vector{0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8});
  CHECK(bytes("1:2:3:4:5:6:7::") == std::vector{0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 0});
  CHECK(bytes("::ffff:1.2.3.4") == std::vector{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 1, 2, 3, 4});
  CHECK(bytes("1:2:3:4:5:6:1.2.3.4") ==
        std::vector{0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 1, 2, 3, 4});
  for (const char* wrong : {"",
                            ".",
                            "1.2.3",
                            "1.2.3.4.5",
                            "1.2.3.256",
                            "01.2.3.4",
                            "1.2.3.4 ",
                            "1.2.3.+4",
                            "1..2.3",
                            "0x1.2.3.4",
                            ":",
                            ":::",
                            "1::2::3",
                            "1:2:3:4:5:6:7",
                            "1:2:3:4:5:6:7:8:9",
                            "1:2:3:4:5:6:7:8::",
                            "12345::",
                            "::1.2.3",
                            "1.2.3.4::",
                            "::1.2.3.4:5",
                            "g::",
                            "1:",
                            ":1",
                            "fe80::1%eth0",
                            "[::1]",
                            "::-1"}) {
    INFO(wrong);
    CHECK(bytes(wrong).empty());
  }
}

}  // namespace
}  // namespace headrace::http
