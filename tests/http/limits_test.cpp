#include "engine/http/limits.hpp"

#include "tests/http/corpus.hpp"
#include "tests/support/catch.hpp"

using namespace headrace::http;
using namespace headrace::http::test;

namespace {

std::string outcome(const std::string& bytes, const Limits& given, Ending ending = Ending::open) {
  const Transcript transcript = read({.bytes = bytes, .limits = given, .ending = ending});
  return transcript[transcript.size() - 2];
}

Limits with(void (*change)(Limits&)) {
  Limits given = roomy;
  change(given);
  return given;
}

std::string filler(std::size_t size) { return std::string(size, 'x'); }

}  // namespace

TEST_CASE("S36: a head may be as large as the limit and not a byte larger") {
  const std::string frame = ok("Content-Length: 0\r\nX: \r\n");
  const std::string full =
      ok("Content-Length: 0\r\nX: " + filler(roomy.head_bytes_max - frame.size()) + "\r\n");
  const std::string over =
      ok("Content-Length: 0\r\nX: " + filler(roomy.head_bytes_max - frame.size() + 1) + "\r\n");
  REQUIRE(full.size() == roomy.head_bytes_max);
  CHECK(outcome(full + full, roomy) == "end");
  CHECK(outcome(over, roomy) == "failed head_too_large");
  CHECK(outcome("HTTP/1.1 200 " + filler(roomy.head_bytes_max), roomy) == "failed head_too_large");
  CHECK(outcome("HTTP/1.1 200 OK\r\n" + filler(roomy.head_bytes_max), roomy) ==
        "failed head_too_large");
}

TEST_CASE("S36: field lines are counted, trailers among them") {
  const Limits three = with([](Limits& given) { given.head_fields_max = 3; });
  CHECK(outcome(ok("A: 1\r\nB: 2\r\nContent-Length: 0\r\n"), three) == "end");
  CHECK(outcome(ok("A: 1\r\nB: 2\r\nC: 3\r\nContent-Length: 0\r\n"), three) ==
        "failed head_too_large");
  CHECK(outcome(ok(chunked, "0\r\nT: 1\r\nU: 2\r\n\r\n"), three) == "end [T: 1, U: 2]");
  CHECK(outcome(ok(chunked, "0\r\nT: 1\r\nU: 2\r\nV: 3\r\n\r\n"), three) ==
        "failed head_too_large");
}

TEST_CASE("S36: trailers share the head's bytes") {
  const std::string head = ok(chunked);
  Limits given = roomy;
  given.head_bytes_max = head.size();
  CHECK(outcome(head + "0\r\n\r\n", given) == "end");
  CHECK(outcome(head + "0\r\nT:\r\n\r\n", given) == "failed head_too_large");
  given.head_bytes_max += 4;
  CHECK(outcome(head + "0\r\nT:\r\n\r\n", given) == "end [T: ]");
  CHECK(outcome(head + "0\r\nT:1\r\n\r\n", given) == "failed head_too_large");
}

TEST_CASE("S36: chunk extensions are limited over the whole response") {
  const auto extended = [](std::size_t times, std::size_t size) {
    std::string body;
    for (std::size_t i = 0; i < times; ++i)
      body += "0000000000000001;" + filler(size - 1) + "\r\nx\r\n";
    return ok(chunked, body + "0\r\n\r\n");
  };
  const std::size_t most = limits::chunk_extension_bytes_max;
  CHECK(outcome(extended(1, most), roomy) == "end");
  CHECK(outcome(extended(1, most + 1), roomy) == "failed head_too_large");
  CHECK(outcome(extended(64, most / 64), roomy) == "end");
  CHECK(outcome(extended(65, most / 64), roomy) == "failed head_too_large");
  CHECK(outcome(ok(chunked, std::string(most + 99, '0')), roomy) == "failed head_too_large");
}

TEST_CASE("S36: plain chunks are not extensions, however many") {
  std::string body;
  for (int i = 0; i < 20'000; ++i) body += "1\r\nx\r\n";
  CHECK(outcome(ok(chunked, body + "0\r\n\r\n"), roomy) == "end");
}

TEST_CASE("S36: a body over its limit fails as soon as that is known") {
  const Limits five = with([](Limits& given) { given.body_bytes_max = 5; });
  CHECK(outcome(hello, five) == "end");
  CHECK(outcome(ok("Content-Length: 6\r\n"), five) == "failed body_too_large");
  CHECK(outcome(ok(chunked, "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"), five) == "end");
  CHECK(outcome(ok(chunked, "2\r\nhe\r\n4\r\n"), five) == "failed body_too_large");
  CHECK(outcome(ok("", "hello"), five, Ending::clean) == "end");
  CHECK(outcome(ok("", "hello!"), five) == "failed body_too_large");
}

TEST_CASE("S36: an announced length allocates nothing") {
  Limits given = roomy;
  given.body_bytes_max = SIZE_MAX;
  CHECK(read({.bytes = ok("Content-Length: 18446744073709551615\r\n", "x"),
              .limits = given,
              .ending = Ending::open}) ==
        Transcript{
            "200 OK 1.1 length=18446744073709551615 keep [Content-Length: 18446744073709551615]",
            "body x", "in a response"});
  CHECK(read({.bytes = ok(chunked, "ffffffffffffffff\r\nx"),
              .limits = given,
              .ending = Ending::open})[1] == "body x");
}
