#include <string>
#include <vector>

#include "tests/http/changing_heads.hpp"
#include "tests/http/corpus.hpp"
#include "tests/support/catch.hpp"

// What a head shares with the one before it is not read again. Fed a byte at a time nothing is
// shared, since no line is there as a whole when the head begins: both readings must be the same.

using namespace headrace::http;
using namespace headrace::http::test;

namespace {

const std::string alike = "Server: a\r\nDate: Sun, 22 Nov 2026 10:00:00 GMT\r\n";
const std::string more = "Content-Type: application/json\r\nVary: Accept\r\n";

// Answers that begin alike, and what an attacker would send behind such a beginning.
std::vector<std::string> answers() {
  const std::string length = "Content-Length: 2\r\n";
  return {
      ok(alike + length + more, "ab"),
      ok(alike + "Content-Length: 1\r\n" + more, "a"),
      ok(alike + length, "ab"),
      ok(alike + more + length + "ETag: \"1\"\r\n", "ab"),
      ok(alike + chunked + more, "1\r\na\r\n0\r\nServer: a\r\n\r\n"),
      ok(length, "ab"),
      "HTTP/1.1 204 No Content\r\n" + alike + "\r\n",
      "HTTP/1.1 200 OK\r\n" + alike + "Content-Length: 0\r\n\r\n\r\n",
      "HTTP/1.1 100 Continue\r\n\r\n" + ok(alike + length, "ab"),
      ok(alike + length + "X: " + std::string(1000, 'x') + "\r\n", "ab"),
      "HTTP/1.1 404 Not Found\r\n" + alike + length + more + "\r\nab",
      ok("Server: b" + alike.substr(9) + length + more, "ab"),
      ok(alike + "X-Request-Id: 1\r\n" + length + more, "ab"),
      ok(alike + "X-Request-Id: 22\r\n" + length + more, "ab"),
      ok(alike + length + " folded\r\n" + more, "ab"),
      ok(alike + length + "\tfolded\r\n", "ab"),
      ok(alike + length + length + "Content-Length: 3\r\n", "ab"),
      ok(alike + length + chunked, "0\r\n\r\n"),
      ok(alike + length + "Server : a\r\n", "ab"),
      ok(alike + length + "Vary: \x01\r\n", "ab"),
      ok(alike + "Content-Length: 2\n" + more, "ab"),
      ok(alike + length + "Connection: close\r\n", "ab"),
      ok(alike + length + "\r", "ab"),
  };
}

// Three of them in turn, and the first once more.
template <class Check>
void for_each_sequence(Check check) {
  const std::vector<std::string> all = answers();
  for (const std::string& first : all)
    for (const std::string& second : all)
      for (const std::string& third : all) check(first + second + third + first);
}

std::vector<std::size_t> every_byte(const std::string& bytes) {
  std::vector<std::size_t> cuts(bytes.size());
  for (std::size_t at = 0; at < cuts.size(); ++at) cuts[at] = at;
  return cuts;
}

void check_same(const Stream& stream) {
  const Transcript bytewise = read(stream, every_byte(stream.bytes));
  for (const bool hasty : {false, true}) {
    const Transcript whole = read(stream, {}, hasty);
    if (whole == bytewise) continue;  // an assertion for each of 10^4 readings would take long
    CAPTURE(stream.bytes, hasty);
    CHECK(whole == bytewise);
  }
}

}  // namespace

TEST_CASE(
    "S33, S34, S35: heads that begin as the last one did are read as if they were the first") {
  for_each_sequence([](const std::string& bytes) { check_same({.bytes = bytes}); });
  SUCCEED();
}

TEST_CASE("S33, S35: heads that change line by line are read as if they were the first") {
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    ChangingHeads heads(seed);
    const Stream stream = heads.stream();
    check_same(stream);
    const std::vector<std::size_t> cuts = heads.cuts(stream.bytes.size());
    const Transcript cut = read(stream, cuts);
    if (cut == read(stream)) continue;
    CAPTURE(stream.bytes, cuts);
    CHECK(cut == read(stream));
  }
  SUCCEED();
}

TEST_CASE("S12: a head that answered GET before says nothing of a body when it answers HEAD") {
  const std::string head = ok(alike + "Content-Length: 2\r\n" + more);
  const Expected get;
  const Expected of_head{.head = true};
  check_same({.bytes = head + "ab" + head + "ab" + head + head + "ab" + head + "ab",
              .expected = {get, get, of_head, get, get}});
  check_same({.bytes = head + head + head + head + "ab", .expected = {of_head, of_head, of_head}});
  SUCCEED();
}

TEST_CASE("S36: the limits of what follows a head hold when it is a known one") {
  const std::string long_body = ok("Content-Length: 5\r\n", "hello");
  const Expected streamed{.streamed = true};
  Limits limits = roomy;
  limits.body_bytes_max = 4;
  check_same({.bytes = long_body + long_body + long_body + long_body,
              .expected = {streamed, streamed, streamed},
              .limits = limits});
  const std::string plain = ok(chunked, "0\r\n\r\n");
  const std::string trailed = ok(chunked, "0\r\nT: 1\r\nU: 2\r\n\r\n");
  for (limits.head_fields_max = 1; limits.head_fields_max < 4; ++limits.head_fields_max)
    check_same({.bytes = plain + plain + plain + trailed, .limits = limits});
  limits.head_fields_max = roomy.head_fields_max;
  for (limits.head_bytes_max = plain.size() - 5; limits.head_bytes_max < trailed.size();
       ++limits.head_bytes_max)
    check_same({.bytes = plain + plain + plain + trailed, .limits = limits});
  SUCCEED();
}

TEST_CASE("S35: what is known of a head is not said of one that came in pieces after it") {
  const std::string head = ok("Server: a\r\nContent-Length: 2\r\n");
  const std::string other = ok("Server: b\r\nContent-Length: 3\r\n");
  const Stream stream{.bytes = head + "ab" + head + other + "abc" + head + "ab",
                      .expected = {{}, {.head = true}}};
  const std::size_t in_other = 2 * head.size() + 2 + 10;
  CHECK(read(stream, std::vector{in_other}) == read(stream));
}

TEST_CASE("S36: the limits of a head hold for what it shares with the last one") {
  Limits limits = roomy;
  limits.head_fields_max = 4;  // two heads may have the marked lines before the one that is over it
  for_each_sequence(
      [&](const std::string& bytes) { check_same({.bytes = bytes, .limits = limits}); });
  limits.head_fields_max = roomy.head_fields_max;
  const std::vector<std::string> all = answers();
  for (const std::string& first : all)
    for (const std::string& second : all)
      for (limits.head_bytes_max = 60; limits.head_bytes_max < 200; limits.head_bytes_max += 7)
        check_same({.bytes = first + second + first + second, .limits = limits});
  SUCCEED();
}

TEST_CASE("S35: heads cut at any two places are read as the same whole") {
  const std::string bytes =
      ok(alike + "Content-Length: 1\r\n" + more, "a") + ok(alike + "Content-Length: 1\r\n", "a");
  const Stream stream{.bytes = bytes + bytes};
  const Transcript whole = read(stream);
  for (std::size_t first = 0; first < stream.bytes.size(); ++first)
    for (std::size_t second = first; second < stream.bytes.size(); ++second) {
      const Transcript cut = read(stream, std::vector<std::size_t>{first, second});
      if (cut == whole) continue;
      CAPTURE(first, second);
      CHECK(cut == whole);
    }
  SUCCEED();
}
