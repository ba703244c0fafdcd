#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>

#include "headrace/request.hpp"

namespace headrace::cli {

/// The longest timeout that anybody may ask for: a year.
inline constexpr std::int64_t timeout_ms_max = std::int64_t{365} * 24 * 3600 * 1000;

/// What a line of `fetch --jsonl` asks for.
struct FetchLine {
  std::optional<std::string> id = {};  ///< absent when the line did not even give that
  std::expected<Request, std::string> request = {};  ///< or what is wrong, for a person
};

/// Reads `{"id":"a","method":"GET","url":"http://...","headers":[["K","V"]],"body":"text",
/// "body_base64":"...","timeout_ms":5000,"repeat":"by_method|allowed|forbidden"}`; all but id and
/// url are optional, null means absent, and a key that is unknown or given twice is refused. What
/// the values may be is the engine's to say.
FetchLine parse_fetch_line(std::string text);

}  // namespace headrace::cli
