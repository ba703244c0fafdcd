#pragma once

#include <cstdint>
#include <expected>
#include <string>

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

// RFC 9112 §6.3 and §9.3, read strictly (S12, S33): a pure function of the head. Unsound framing
// fields are refused also where no body follows. The error is a sentence for a person.
std::expected<FramingDecision, std::string> decide_framing(const FramingFacts& facts,
                                                           const Headers& headers);

}  // namespace headrace::http
