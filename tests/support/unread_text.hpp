#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "engine/core/core.hpp"

namespace headrace::test {

// What came on a connection, to be read in pieces of at most so many bytes.
struct UnreadText final : core::Unread {
  explicit UnreadText(std::string_view text, std::size_t most = SIZE_MAX)
      : rest(text), piece(most) {}

  std::size_t read(std::span<char> into) noexcept override {
    ++asked;
    most_asked = std::max(most_asked, into.size());
    const std::size_t count = std::min({into.size(), piece, rest.size()});
    rest.copy(into.data(), count);
    rest.remove_prefix(count);
    return count;
  }

  std::string_view rest;
  std::size_t piece;
  int asked = 0;
  std::size_t most_asked = 0;
};

// As a shell may read it: by on_received, or, of an odd count, half of it, and the rest to where it
// stays as far as that goes.
inline void receive_like_a_shell(core::Core& core, Instant now, ConnectionId id,
                                 std::string_view bytes) {
  const bool whole = bytes.size() % 2 == 0;
  const std::size_t begin = whole ? bytes.size() : bytes.size() / 2;
  core.on_received(now, id, bytes.substr(0, begin));
  UnreadText unread(bytes.substr(begin));
  while (!unread.rest.empty() && core.receive(now, id, 1, unread)) {
  }
  if (!unread.rest.empty()) core.on_received(now, id, unread.rest);
}

}  // namespace headrace::test
