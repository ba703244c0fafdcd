#pragma once

#include <cstddef>

namespace headrace {

// Memory of the small things that every request needs and leaves: what a thread gives back serves
// what it takes next. An allocator has such lists too, but of a few of each size, while a turn of
// the loop ends and begins hundreds of requests.
//
// What is larger than `spare_bytes_max` comes from operator new and goes back there. So may, with
// `delete`, any object whose size is a multiple of 8.
void* take_memory(std::size_t bytes);
void give_memory(void* memory, std::size_t bytes) noexcept;

inline constexpr std::size_t spare_bytes_max = 256;

}  // namespace headrace
