#pragma once

#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bindings/client/coding.hpp"
#include "headrace/client/decoder.hpp"

namespace headrace::client {

struct NamedCoding {
  std::string_view name;
  std::unique_ptr<Coding> coding;
};

// The codings that a Content-Encoding names, in the order in which they come off: the last first.
// Empty when there is none, or one that this build does not know; an error when there are too many.
std::expected<std::vector<NamedCoding>, std::string> codings_of(std::string_view content_encoding);

// What a fresh decoder makes of a body that is here, with room for 64 bytes more.
Result<std::string> decode_all(Decoder& decoder, std::string_view body);

}  // namespace headrace::client
