#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "engine/http/response_reader.hpp"
#include "headrace/headers.hpp"

namespace headrace::http {

// What decides where a response ends, beside its fields.
struct FramingFacts {
  int status = 0;
  int http_minor = 1;
  bool head = false;  // the request was HEAD
};

struct FramingDecision {
  Framing framing = Framing::none;
  std::uint64_t content_length = 0;
  bool persistent = false;
  bool keep_alive_hint = false;  // there is a Keep-Alive field
};

// Why framing fields are unsound.
struct FramingFault {
  std::string_view what;   // empty: they are not
  std::string_view value;  // of the field, where `what` ends with a colon; into the headers
};

// For a person.
std::string to_string(const FramingFault& fault);

// RFC 9112 §6.3 and §9.3, read strictly (S12, S33): a pure function of the head. Unsound framing
// fields are refused also where no body follows.
std::expected<FramingDecision, FramingFault> decide_framing(const FramingFacts& facts,
                                                            const Headers& headers);

}  // namespace headrace::http
