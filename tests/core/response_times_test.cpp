#include "engine/core/response_times.hpp"

#include "engine/base/limits.hpp"
#include "tests/support/catch.hpp"

using namespace headrace;
using namespace headrace::core;
using std::chrono::milliseconds;

TEST_CASE("S22: nothing is unusual before the first answer, nor ever what is short") {
  ResponseTimes times;
  CHECK_FALSE(times.patience().has_value());
  times.on_answer(milliseconds(1), milliseconds(1), true);
  CHECK(times.patience() == limits::patience_least);
}

TEST_CASE("S22: patience follows slow answers by doubling, and is lost slowly") {
  ResponseTimes times;
  times.on_answer(milliseconds(100), milliseconds(100), true);
  CHECK(times.patience() == milliseconds(200));
  times.on_answer(milliseconds(5000), milliseconds(5000), true);  // one that is out of line
  CHECK(times.patience() == milliseconds(400));

  ResponseTimes pipelined;
  pipelined.on_answer(milliseconds(200), milliseconds(200), true);
  for (int i = 0; i < 49; ++i) pipelined.on_answer({}, {}, false);  // a pipeline of 50
  CHECK(*pipelined.patience() > milliseconds(200));
  for (int i = 0; i < 100; ++i) pipelined.on_answer({}, {}, true);
  CHECK(*pipelined.patience() < milliseconds(100));
}

TEST_CASE("S28: the expected wait counts times, not requests") {
  constexpr Duration usual = milliseconds(10);
  CHECK(expected_wait({.outstanding = 0, .per_answer = usual}) == Duration::zero());
  CHECK(expected_wait({.outstanding = 1, .head_age = milliseconds(4), .per_answer = usual}) ==
        milliseconds(6));
  CHECK(expected_wait({.outstanding = 3, .head_age = milliseconds(4), .per_answer = usual}) ==
        milliseconds(26));
  // A head that takes long already, against a long pipeline that moves.
  CHECK(expected_wait({.outstanding = 1, .head_age = milliseconds(90), .per_answer = usual}) >
        expected_wait({.outstanding = 8, .head_age = milliseconds(4), .per_answer = usual}));
  // Without times the shorter pipeline is the better.
  CHECK(expected_wait({.outstanding = 2}) < expected_wait({.outstanding = 3}));
}
