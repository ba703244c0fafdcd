#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "fuzz/require.hpp"
#include "tests/http/reading.hpp"

// Any bytes as a stream of responses: no crash, no limit passed, and the same events whole, one
// byte at a time and cut where the input says (S35, S36).
//
// Input: 8 bytes (what was asked, limits and ending, six cuts as fractions of 256), then the
// stream.

using namespace headrace;
using namespace headrace::http;
using headrace::fuzz::require;

namespace {

constexpr std::size_t controls = 8;

test::Stream stream_of(const std::uint8_t* data, std::size_t size) {
  test::Stream stream;
  stream.bytes.assign(reinterpret_cast<const char*>(data) + controls, size - controls);
  for (unsigned bit = 0; bit < 7; ++bit)
    stream.expected.push_back({.head = ((data[0] >> bit) & 1U) != 0, .upgrade = data[0] == 0x80});
  const unsigned choice = data[1];
  if ((choice & 1U) != 0)
    stream.limits = {.head_bytes_max = 16U + (choice >> 1U),
                     .head_fields_max = 1U + (choice & 3U),
                     .body_bytes_max = choice >> 3U,
                     .informational_max = choice >> 6U};
  stream.ending = (choice & 2U) != 0   ? test::Ending::broken
                  : (choice & 4U) != 0 ? test::Ending::open
                                       : test::Ending::clean;
  return stream;
}

std::vector<std::size_t> cuts_of(const std::uint8_t* data, std::size_t size) {
  std::vector<std::size_t> cuts(data + 2, data + controls);
  for (std::size_t& cut : cuts) cut = cut * size / 256;
  std::ranges::sort(cuts);
  return cuts;
}

void check_limits(const test::Stream& stream, const test::Transcript& transcript) {
  constexpr std::string_view prefix = "body ";
  for (const std::string& event : transcript)
    if (event.starts_with(prefix))
      require(event.size() - prefix.size() <= stream.limits.body_bytes_max,
              "a body within its limit");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < controls) return 0;
  const test::Stream stream = stream_of(data, size);
  const test::Transcript whole = test::read(stream);
  check_limits(stream, whole);

  require(test::read(stream, cuts_of(data, stream.bytes.size())) == whole,
          "the same events when cut");
  std::vector<std::size_t> all(stream.bytes.size());
  for (std::size_t at = 0; at < all.size(); ++at) all[at] = at;
  require(test::read(stream, all) == whole, "the same events one byte at a time");
  return 0;
}
