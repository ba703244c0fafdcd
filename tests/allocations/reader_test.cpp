#include <cstdint>
#include <string>
#include <string_view>

#include "engine/http/response_reader.hpp"
#include "tests/allocations/counter.hpp"
#include "tests/support/catch.hpp"

using namespace headrace;
using namespace headrace::test;

namespace {

constexpr http::ResponseReader::Limits limits{.head_bytes_max = 64 * 1024,
                                              .head_fields_max = 256,
                                              .body_bytes_max = 1 << 20,
                                              .informational_max = 32};

std::string answer(std::size_t value_bytes) {
  return "HTTP/1.1 200 OK\r\nX-Long: " + std::string(value_bytes, 'x') +
         "\r\nContent-Length: 0\r\n\r\n";
}

// Reads it in two pieces, and takes the head.
void read(http::ResponseReader& reader, std::string_view bytes, std::size_t cut) {
  reader.expect({});
  for (Bytes piece : {bytes.substr(0, cut), bytes.substr(cut)})
    while (reader.next(piece).kind != http::ResponseEvent::Kind::need_more) {
    }
  REQUIRE_FALSE(reader.in_response());
  reader.head() = {};
}

}  // namespace

TEST_CASE("S36: a connection's reader does not keep the memory of a long head") {
  constexpr std::uint64_t kept_max = 4096;
  const std::string usual = answer(100);
  const std::string longest = answer(60'000);
  http::ResponseReader reader(limits);
  read(reader, usual, 0);
  read(reader, usual, 30);
  const std::uint64_t before = bytes_held();
  const std::size_t cut = GENERATE(std::size_t{0}, std::size_t{30'000});
  read(reader, longest, cut);
  CHECK(bytes_held() < before + kept_max);
}
