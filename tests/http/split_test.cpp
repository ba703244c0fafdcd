#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include "tests/http/corpus.hpp"
#include "tests/support/catch.hpp"

using namespace headrace::http;
using namespace headrace::http::test;

namespace {

constexpr std::size_t pairs_below = 60;  // streams shorter than this are cut at every two offsets

std::string readable(const Stream& stream) {
  std::string text;
  for (const char c : stream.bytes)
    text += c == '\r' ? "\\r" : c == '\n' ? "\\n" : c == '\0' ? "\\0" : std::string{c};
  return text;
}

void check_cuts(const Stream& stream, const Transcript& whole,
                const std::vector<std::size_t>& cuts) {
  for (const bool hasty : {false, true}) {
    const Transcript cut = read(stream, cuts, hasty);
    if (cut == whole) continue;  // an assertion for each of 10^5 readings would take minutes
    CAPTURE(readable(stream), cuts, hasty);
    CHECK(cut == whole);
  }
}

void check_every_cut(const Stream& stream) {
  const Transcript whole = read(stream);
  const std::size_t size = stream.bytes.size();
  std::vector<std::size_t> all(size);
  for (std::size_t at = 0; at < size; ++at) {
    all[at] = at;
    check_cuts(stream, whole, {at});
    if (size < pairs_below)
      for (std::size_t second = at; second < size; ++second)
        check_cuts(stream, whole, {at, second});
  }
  check_cuts(stream, whole, all);

  std::mt19937 random{20261121};
  for (int round = 0; round < 50; ++round) {
    std::vector<std::size_t> cuts(1 + random() % 8);
    for (std::size_t& cut : cuts) cut = size == 0 ? 0 : random() % size;
    std::ranges::sort(cuts);
    check_cuts(stream, whole, cuts);
  }
  SUCCEED();
}

}  // namespace

TEST_CASE("S35: any split of a stream without fault gives the same events") {
  for (const Stream& stream : good_streams()) {
    CAPTURE(readable(stream));
    CHECK(std::ranges::none_of(
        read(stream), [](const std::string& event) { return event.starts_with("failed"); }));
    check_every_cut(stream);
  }
}

TEST_CASE("S35, S34: any split of a faulty stream gives the same events and the same error") {
  for (const Stream& stream : bad_streams()) {
    CAPTURE(readable(stream));
    CHECK(std::ranges::any_of(
        read(stream), [](const std::string& event) { return event.starts_with("failed"); }));
    check_every_cut(stream);
  }
}

TEST_CASE("S35, S36: a limit is met at the same byte at any split") {
  for (const Stream& stream : limited_streams()) check_every_cut(stream);
}
