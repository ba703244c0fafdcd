#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headrace::sample {

// The little of HTTP/1.1 that the sample server speaks, without sockets. It refuses whatever it
// does not understand, so that a client's mistakes show.

inline constexpr std::size_t head_bytes_max = 16 * 1024;
inline constexpr std::size_t body_bytes_max = 64 * 1024;

struct Request {
  std::string method = {};
  std::string target = {};
  std::vector<std::pair<std::string, std::string>> fields = {};  ///< names in lower case
  std::string body = {};
  bool last = false;  ///< HTTP/1.0 or "Connection: close": nothing follows it

  std::string_view field(std::string_view name) const noexcept;  ///< empty when absent
};

struct Answer {
  int status = 200;
  std::string body = {};
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> fields = {};  ///< more header fields
};

enum class ParseState : std::uint8_t { incomplete, complete, bad };

struct ParseResult {
  ParseState state = ParseState::incomplete;
  std::size_t consumed = 0;  ///< bytes of a complete request
  int status = 400;          ///< what to answer a bad one
  Request request = {};
};

/// Reads one request from the front of `bytes`.
ParseResult parse_request(std::string_view bytes);

/// An answer's bytes. `head` leaves the body out; `last` says that the connection ends.
std::string render_answer(const Answer& answer, bool head, bool last);

}  // namespace headrace::sample
