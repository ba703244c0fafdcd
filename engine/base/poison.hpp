#pragma once

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#define HEADRACE_POISON 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HEADRACE_POISON 1
#endif
#endif
#ifdef HEADRACE_POISON
#include <sanitizer/asan_interface.h>
#endif

namespace headrace {

// Memory that is kept but nobody's: AddressSanitizer reports who looks at it all the same.
inline void poison([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t bytes) noexcept {
#ifdef HEADRACE_POISON
  __asan_poison_memory_region(memory, bytes);
#endif
}
inline void unpoison([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t bytes) noexcept {
#ifdef HEADRACE_POISON
  __asan_unpoison_memory_region(memory, bytes);
#endif
}

}  // namespace headrace
