#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/require.hpp"
#include "headrace/client/decoder.hpp"
#include "tests/client/encode.hpp"

// Any bytes under any chain of content codings: what comes of them is the same in one piece, cut
// and byte by byte, and never more than the limits allow. What was encoded comes back.
//
// Input: a byte for each of three codings (7 of 8 choices are one), a byte for the limits and the
// size of pieces, then the body: encoded first where the last bit of that byte says so.

using namespace headrace;
using headrace::fuzz::require;

namespace {

struct Outcome {
  std::string body;
  ErrorCode code{};
  bool whole = false;
};

// Says what came in the end, and checks on the way that no more came than may.
Outcome run(std::string_view coding, std::string_view body, const DecodeLimits& limits,
            std::size_t piece) {
  auto decoder = Decoder::create(coding, limits);
  require(decoder.has_value(), "no more than five codings");
  Outcome outcome;
  std::size_t fed = 0;
  while (fed < body.size()) {
    const std::vector<char> own(
        body.begin() + static_cast<std::ptrdiff_t>(fed),
        body.begin() + static_cast<std::ptrdiff_t>(std::min(fed + piece, body.size())));
    fed += own.size();
    decoder->feed({own.data(), own.size()});
    for (;;) {
      const auto some = decoder->take();
      if (!some) {
        outcome.code = some.error().code;
        require(
            outcome.code == ErrorCode::protocol_error || outcome.code == ErrorCode::body_too_large,
            "an error for what is wrong with the body");
        return outcome;
      }
      if (some->empty()) break;
      outcome.body += *some;
      if (!decoder->decodes()) continue;
      const std::size_t size = outcome.body.size();
      require(size <= limits.bytes_max, "no more than bytes_max");
      // Of the last coding of a chain the limits hold for its input, so they multiply.
      require(
          size <= limits.ratio_free_bytes || coding.contains(',') || size / limits.ratio_max < fed,
          "no more than ratio_max allows");
    }
  }
  const auto end = decoder->finish();
  outcome.whole = end.has_value();
  if (!end) outcome.code = end.error().code;
  return outcome;
}

// In the order in which they were applied.
std::vector<std::string> chosen(const std::uint8_t* choices) {
  const auto all = test::codings();
  std::vector<std::string> codings;
  for (std::size_t i = 0; i < 3; ++i)
    if (choices[i] % 8U < all.size()) codings.push_back(all[choices[i] % 8U]);
  return codings;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 4 || size > 4096) return 0;
  const auto codings = chosen(data);
  const unsigned choice = data[3];
  std::string body(reinterpret_cast<const char*>(data) + 4, size - 4);
  const std::string plain = body;
  const bool encoded = (choice & 1U) != 0;
  std::string content_encoding;
  for (const std::string& coding : codings) {
    if (!content_encoding.empty()) content_encoding += ", ";
    content_encoding += test::coding_name(coding);
    if (encoded) body = test::encode(coding, body);
  }
  const bool tight = (choice & 2U) != 0;
  const DecodeLimits limits{.bytes_max = tight ? std::size_t{100} : std::size_t{1} << 17U,
                            .ratio_max = 20,
                            .ratio_free_bytes = tight ? std::size_t{50} : std::size_t{8192}};

  const Outcome whole = run(content_encoding, body, limits, body.size() + 1);
  if (encoded && !tight) require(whole.whole && whole.body == plain, "what was encoded comes back");
  for (const std::size_t piece : {std::size_t{1}, std::size_t{1} + (choice >> 2U)}) {
    const Outcome cut = run(content_encoding, body, limits, piece);
    require(whole.whole == cut.whole, "the same verdict in pieces");
    if (whole.whole) require(whole.body == cut.body, "the same body in pieces");
  }
  return 0;
}
