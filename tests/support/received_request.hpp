#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace headrace::test {

// One request as it came off the wire.
struct ReceivedRequest {
  std::string method;
  std::string target;
  std::string head;  // request line and fields, with the empty line
  std::string body;
  std::string trailers;  // lines behind a chunked body, each with its CRLF

  // The value of the first field of this name, compared without regard to case.
  std::optional<std::string> field(std::string_view name) const;
};

// Takes one whole request off the front of the buffer, once all of it is there. Throws
// std::runtime_error when the bytes are no request, bare or stray line ends included: what the
// engine sends is judged by a parser that forgives nothing.
std::optional<ReceivedRequest> take_request(std::string& buffer);

}  // namespace headrace::test
