#include "headrace/client/decoder.hpp"

#include <random>

#include "tests/client/encode.hpp"
#include "tests/support/catch.hpp"

using namespace headrace;
using namespace headrace::test;

namespace {

// Text that compresses somewhat, longer than a piece.
std::string sample(std::size_t size = 100'000) {
  std::mt19937 random(1);
  std::string text;
  while (text.size() < size)
    text +=
        "vm-" + std::to_string(random() % 1000) + (random() % 7 == 0 ? " is down\n" : " is up\n");
  text.resize(size);
  return text;
}

// What all of these pieces decode to, or the error.
Result<std::string> decode_pieces(std::string_view field, const std::vector<std::string>& pieces,
                                  DecodeLimits limits = {}) {
  auto decoder = Decoder::create(field, limits);
  if (!decoder) return std::unexpected(decoder.error());
  std::string all;
  for (const std::string& piece : pieces) {
    decoder->feed(piece);
    for (;;) {
      const auto some = decoder->take();
      if (!some) return std::unexpected(some.error());
      if (some->empty()) break;
      all += *some;
    }
  }
  if (const auto whole = decoder->finish(); !whole) return std::unexpected(whole.error());
  return all;
}

std::string text_of(const Result<std::string>& result) {
  return result ? *result : to_string(result.error());
}

Error error_of(const Result<std::string>& result) {
  if (result) FAIL("decoded to " << result->size() << " bytes, an error was expected");
  return result.error();
}

}  // namespace

TEST_CASE("Accept-Encoding offers what this build can take off") {
  std::string all;
  for (const std::string& coding : codings())
    if (coding != "raw deflate") all += (all.empty() ? "" : ", ") + coding;
  CHECK(accept_encoding() == all);
}

TEST_CASE("each coding comes off") {
  for (const std::string& coding : codings()) {
    INFO(coding);
    for (const std::size_t size : {0U, 1U, 100U, 65'536U, 1'000'000U}) {
      const std::string body = sample(size);
      CHECK((decode(coding_name(coding), encode(coding, body)) == body));
    }
  }
}

TEST_CASE("S35: a body decodes to the same at every split") {
  const std::string body = sample(700);
  for (const std::string& coding : codings()) {
    INFO(coding);
    const std::string wire = encode(coding, body);
    bool same = true;
    for (std::size_t at = 0; at <= wire.size(); ++at)
      same = same && text_of(decode_pieces(coding_name(coding),
                                           {wire.substr(0, at), wire.substr(at)})) == body;
    CHECK(same);
    std::vector<std::string> bytes;
    for (const char byte : wire) bytes.emplace_back(1, byte);
    CHECK(text_of(decode_pieces(coding_name(coding), bytes)) == body);
  }
}

TEST_CASE("a body without its end is an error, wherever it was cut") {
  const std::string body = sample(300);
  for (const std::string& coding : codings()) {
    INFO(coding);
    const std::string wire = encode(coding, body);
    std::size_t refused = 0;
    for (std::size_t size = 1; size < wire.size(); ++size) {
      const auto result = decode(coding_name(coding), wire.substr(0, size));
      refused += !result && result.error().code == ErrorCode::protocol_error ? 1U : 0U;
    }
    CHECK(refused == wire.size() - 1);
    CHECK(error_of(decode(coding_name(coding), wire.substr(0, wire.size() - 1))).detail ==
          "the body is not the " + std::string(coding_name(coding)) +
              " it is said to be: it ends too early");
  }
}

TEST_CASE("a body that goes on after its end is an error") {
  for (const std::string& coding : codings()) {
    INFO(coding);
    const std::string wire = encode(coding, "short");
    CHECK(error_of(decode(coding_name(coding), wire + "junk!")).code == ErrorCode::protocol_error);
    CHECK(error_of(decode(coding_name(coding), wire + '\0')).code == ErrorCode::protocol_error);
    CHECK(error_of(decode_pieces(coding_name(coding), {wire, "j"})).code ==
          ErrorCode::protocol_error);
  }
}

TEST_CASE("a damaged body never decodes to something else") {
  const std::string body = sample(2'000);
  for (const std::string& coding :
       {std::string("gzip"), std::string("deflate")}) {  // with checksums
    INFO(coding);
    std::string wire = encode(coding, body);
    wire[wire.size() / 2] = static_cast<char>(wire[wire.size() / 2] ^ 0x10);
    CHECK(error_of(decode(coding, wire)).code == ErrorCode::protocol_error);
  }
  for (const std::string& coding : codings()) {
    INFO(coding);
    CHECK(error_of(decode(coding_name(coding), "\xff\xfe this is plain text")).code ==
          ErrorCode::protocol_error);
  }
}

TEST_CASE("gzip members and zstd frames may follow one another") {
  for (const std::string& coding : codings()) {
    if (coding != "gzip" && coding != "zstd") continue;
    INFO(coding);
    const std::string wire = encode(coding, "one, ") + encode(coding, "") + encode(coding, "two");
    CHECK(text_of(decode(coding, wire)) == "one, two");
    for (std::size_t at = 0; at <= wire.size(); ++at)
      if (text_of(decode_pieces(coding, {wire.substr(0, at), wire.substr(at)})) != "one, two")
        FAIL("split at " << at);
  }
}

TEST_CASE("several codings come off in turn, the last first") {
  const std::string body = sample();
  std::string wire = body;
  std::string field;
  for (const std::string& coding : codings()) {
    wire = encode(coding, wire);
    field += (field.empty() ? "" : " , ") + std::string(coding_name(coding));
  }
  INFO(field);
  CHECK((decode(field, wire) == body));
  std::vector<std::string> bytes;
  for (const char byte : wire) bytes.emplace_back(1, byte);
  CHECK((decode_pieces(field, bytes) == body));
  CHECK(error_of(decode("gzip,gzip,gzip,gzip,gzip,gzip", wire)).detail ==
        "the body has more than 5 content codings");
}

TEST_CASE("names of codings have no case, and none and unknown ones leave a body as it is") {
  const std::string wire = encode("gzip", "text");
  CHECK(text_of(decode("GZip", wire)) == "text");
  CHECK(text_of(decode("x-gzip", wire)) == "text");
  CHECK(text_of(decode("identity, ,gzip", wire)) == "text");
  for (const char* field :
       {"", "identity", "compress", "gzip, compress", "compress, gzip", "aes128gcm"}) {
    INFO(field);
    CHECK(text_of(decode(field, wire)) == wire);
    auto decoder = Decoder::create(field);
    REQUIRE(decoder);
    CHECK_FALSE(decoder->decodes());
    decoder->feed("raw");
    CHECK(decoder->take().value() == "raw");
    CHECK(decoder->take().value().empty());
    CHECK(decoder->finish().has_value());
  }
}

TEST_CASE("a body without a byte is whole, whatever its coding") {
  for (const std::string& coding : codings())
    CHECK(text_of(decode(coding_name(coding), "")).empty());
}

TEST_CASE("S36: a zip bomb of each coding stops at the limit") {
  constexpr std::size_t bomb_bytes = std::size_t{64} << 20U;
  const std::string zeros(bomb_bytes, '\0');
  for (const std::string& coding : codings()) {
    INFO(coding);
    const std::string wire = encode(coding, zeros);
    const std::string name(coding_name(coding));
    const auto decoded_before_error = [&](DecodeLimits limits) {
      auto decoder = Decoder::create(name, limits).value();
      decoder.feed(wire);
      std::size_t decoded = 0;
      for (;;) {
        const auto some = decoder.take();
        if (!some) {
          CHECK(some.error().code == ErrorCode::body_too_large);
          CHECK(some.error().phase == Phase::body);
          CHECK_FALSE(decoder.take().has_value());  // and so it stays
          CHECK_FALSE(decoder.finish().has_value());
          return decoded;
        }
        REQUIRE(!some->empty());
        decoded += some->size();
      }
    };
    CHECK(decoded_before_error({.bytes_max = 1'000'000, .ratio_max = 0}) <= 1'000'000);
    CHECK(decoded_before_error({.bytes_max = 10, .ratio_max = 0, .ratio_free_bytes = 0}) <= 10);
    const std::size_t by_ratio = decoded_before_error({});
    CHECK(by_ratio >= std::size_t{1} << 20U);
    CHECK(by_ratio <= std::max(std::size_t{1} << 20U, 200 * wire.size()));
    CHECK(error_of(decode(name, wire)).detail ==
          "the body's " + name +
              " coding grows over 200 times what was received when it is decoded");
    CHECK(error_of(decode(name, wire, {.bytes_max = 5'000, .ratio_max = 0})).detail ==
          "the body's " + name + " coding grows over the limit of 5000 bytes when it is decoded");
    CHECK(decode(name, wire, {.ratio_max = 0}).value().size() == bomb_bytes);
    CHECK(decode(name, wire, {.bytes_max = bomb_bytes, .ratio_max = 0}).has_value());
    CHECK_FALSE(decode(name, wire, {.bytes_max = bomb_bytes - 1, .ratio_max = 0}).has_value());
  }
}

TEST_CASE("S36: a bomb within a bomb stops at the first that is over a limit") {
  const std::string inner =
      encode("gzip", encode("gzip", std::string(std::size_t{64} << 20U, '\0')));
  CHECK(error_of(decode("gzip, gzip", inner)).code == ErrorCode::body_too_large);
  // What the outer coding grows to counts, also where the inner makes little of it.
  std::string members;
  for (int i = 0; i < 200'000; ++i) members += encode("gzip", "");
  CHECK(error_of(decode("gzip, gzip", encode("gzip", members), {.bytes_max = 1'000'000})).code ==
        ErrorCode::body_too_large);
}
