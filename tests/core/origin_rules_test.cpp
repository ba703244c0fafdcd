#include "engine/core/origin_rules.hpp"

#include "tests/support/catch.hpp"

using namespace headrace;
using namespace headrace::core;

namespace {

std::string refusal(const Options& options) {
  const Result<void> checked = check_origin_rules(options);
  return checked ? "" : checked.error().detail;
}

std::string line(const std::string& rest) { return profiles_header() + rest + "\n"; }

}  // namespace

TEST_CASE("S47: a profile's text is read as it was written") {
  const ProfileLine written{.learned = {.capability = Capability::capable,
                                        .depth = 5,
                                        .one_per_segment = true,
                                        .requests_max = 100,
                                        .reason = "halved, with a \"reason\" of many words"},
                            .per_answer = std::chrono::microseconds(210),
                            .silence = std::chrono::microseconds(20'000)};
  const std::string text = profiles_header() + to_line("https://h:443", written);
  CHECK(text ==
        "headrace-profiles 1\nhttps://h:443 capable depth=5 one_per_segment=yes requests_max=100 "
        "answer_us=210 silence_us=20000 halved, with a \"reason\" of many words\n");
  const Result<OriginRules> rules = OriginRules::read({.profiles = text});
  REQUIRE(rules.has_value());
  const ProfileLine* read = rules->profile_for("https://h:443");
  REQUIRE(read != nullptr);
  CHECK(profiles_header() + to_line("https://h:443", *read) == text);
  CHECK(rules->profile_for("http://h:80") == nullptr);
}

TEST_CASE("S47: what is no profile is refused, with its line") {
  CHECK(refusal({.profiles = ""}) == "");
  CHECK(refusal({.profiles = profiles_header()}) == "");
  CHECK(refusal({.profiles = "headrace-profiles 2\n"}) ==
        "option profiles, line 1: expected \"headrace-profiles 1\"");
  const std::string good =
      "http://h capable depth=1 one_per_segment=no requests_max=0 answer_us=1 silence_us=1";
  CHECK(refusal({.profiles = line(good)}) == "");
  CHECK(refusal({.profiles = line(good + " ")}) == "");
  for (std::size_t length = 1; length < good.size() - 1; ++length)
    CHECK(refusal({.profiles = line(good.substr(0, length))})
              .starts_with("option profiles, line 2: "));
  for (const std::string bad :
       {"http://h able depth=1 one_per_segment=no requests_max=0 answer_us=1 silence_us=1",
        "http://h capable depth=-1 one_per_segment=no requests_max=0 answer_us=1 silence_us=1",
        "http://h capable depth=1 one_per_segment=maybe requests_max=0 answer_us=1 silence_us=1",
        "http://h capable depth=1 one_per_segment=no requests_max=99999999999 answer_us=1 "
        "silence_us=1",
        "http://h/path capable depth=1 one_per_segment=no requests_max=0 answer_us=1 silence_us=1"})
    CHECK(refusal({.profiles = line(bad)}).starts_with("option profiles, line 2: "));
}

TEST_CASE("S47: an origin's own options are found under its whole name") {
  const Result<OriginRules> rules = OriginRules::read(
      {.origins = {{.origin = "https://Cloud.example", .pipelining = Pipelining::off}}});
  REQUIRE(rules.has_value());
  CHECK(rules->options_for("https://cloud.example:443").pipelining == Pipelining::off);
  CHECK_FALSE(rules->options_for("https://cloud.example:444").pipelining.has_value());
  CHECK(refusal({.origins = {{.origin = "cloud.example"}}}).starts_with("option origins[0]: "));
  CHECK(refusal({.origins = {{.origin = "http://h/x"}}}) ==
        "option origins[0]: the URL has more than scheme, host and port");
  const std::string secret = refusal(
      {.profiles = line("http://me:secret@h capable depth=1 one_per_segment=no requests_max=0 "
                        "answer_us=1 silence_us=1")});
  CHECK(secret.starts_with("option profiles, line 2: "));
  CHECK(secret.find("secret") == std::string::npos);
}
