#pragma once

#include <string>

#include "tests/http/reading.hpp"

namespace headrace::fuzz {

// What a second parser makes of a stream, in the words of tests/http/reading.hpp.
struct SecondReading {
  http::test::Transcript transcript;
  // From this line on (if any) the reader may say "failed" instead: see strict_parser.cpp.
  std::size_t may_fail_from = static_cast<std::size_t>(-1);
};

// Reads responses by the letter of RFC 9112, the whole stream at once, with no line of code of
// engine/http. Of the limits it knows that of the body; "failed" stands without a code.
SecondReading read_strictly(const http::test::Stream& stream);

}  // namespace headrace::fuzz
