#include <cstdint>
#include <cstdio>
#include <string>

#include "fuzz/require.hpp"
#include "fuzz/strict_parser.hpp"

// Any bytes as a stream of responses: the reader and a second, independent parser see the same
// responses in it and stop at the same place (S2, S12, S33-S35).
//
// Input: a byte (bits: which of the first five requests were HEAD; whether all were upgrades; how
// the stream ends), then the stream.
//
// Allowed differences: the reader may refuse a chunk's extensions (fuzz/strict_parser.cpp), and a
// failure's code is not compared.

using namespace headrace;
using headrace::fuzz::require;

namespace {

// Enough for any input, but for the body.
constexpr http::test::Limits limits{.head_bytes_max = 1 << 20,
                                    .head_fields_max = 1 << 20,
                                    .body_bytes_max = 1000,
                                    .informational_max = 1 << 20};

http::test::Stream stream_of(const std::uint8_t* data, std::size_t size) {
  http::test::Stream stream{.bytes = {reinterpret_cast<const char*>(data) + 1, size - 1},
                            .limits = limits};
  const unsigned choice = data[0];
  for (unsigned bit = 0; bit < 5; ++bit)
    stream.expected.push_back(
        {.head = ((choice >> bit) & 1U) != 0, .upgrade = (choice & 0x20U) != 0});
  stream.ending = static_cast<http::test::Ending>((choice >> 6U) % 3);
  return stream;
}

[[noreturn]] void differ(const http::test::Transcript& reader,
                         const http::test::Transcript& second) {
  for (const std::string& line : reader) std::fprintf(stderr, "reader: %s\n", line.c_str());
  for (const std::string& line : second) std::fprintf(stderr, "second: %s\n", line.c_str());
  require(false, "two parsers see the same responses");
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 8192) return 0;
  const http::test::Stream stream = stream_of(data, size);
  http::test::Transcript first = http::test::read(stream);
  const fuzz::SecondReading second = fuzz::read_strictly(stream);
  for (std::string& line : first)
    if (line.starts_with("failed ")) line.resize(6);

  for (std::size_t i = 0; i < first.size() || i < second.transcript.size(); ++i) {
    const bool same =
        i < first.size() && i < second.transcript.size() && first[i] == second.transcript[i];
    if (same) continue;
    // After the extension a body line may be shorter than the second parser's, who read on.
    const bool excused = i + 1 >= second.may_fail_from && first.size() >= 2 &&
                         first[first.size() - 2] == "failed" && i + 3 >= first.size() &&
                         (first[i] == "failed" || (i < second.transcript.size() &&
                                                   second.transcript[i].starts_with(first[i])));
    if (!excused) differ(first, second.transcript);
    break;
  }
  return 0;
}
