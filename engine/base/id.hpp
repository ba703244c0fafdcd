#pragma once

#include <cstdint>
#include <functional>

namespace headrace {

// Indices leave two bits of a word to others.
struct IndexBits {
  static constexpr unsigned count = 30;
  static constexpr std::uint32_t max = (std::uint32_t{1} << count) - 1;
};

// Names a thing in a Slab. Each thing is of the next generation, so an id kept too long names
// nothing instead of its slot's next. Generations begin at 1: a default id names nothing.
template <class Tag>
struct Id {
  std::uint32_t index = 0;
  std::uint32_t generation = 0;

  constexpr explicit operator bool() const noexcept { return generation != 0; }
  constexpr std::uint64_t number() const noexcept {
    return (std::uint64_t{generation} << 32U) | index;
  }
  static constexpr Id from_number(std::uint64_t number) noexcept {
    return {static_cast<std::uint32_t>(number), static_cast<std::uint32_t>(number >> 32U)};
  }
  friend constexpr bool operator==(Id, Id) noexcept = default;
};

using ExchangeId = Id<struct ExchangeTag>;
using ConnectionId = Id<struct ConnectionTag>;
using OriginId = Id<struct OriginTag>;

}  // namespace headrace

template <class Tag>
struct std::hash<headrace::Id<Tag>> {
  std::size_t operator()(headrace::Id<Tag> id) const noexcept {
    return std::hash<std::uint64_t>{}(id.number());
  }
};
