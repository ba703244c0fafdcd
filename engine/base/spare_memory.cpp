#include "engine/base/spare_memory.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <new>

#include "engine/base/limits.hpp"
#include "engine/base/poison.hpp"

namespace headrace {
namespace {

// There is a list for 8 bytes, 16, 24, ...
constexpr std::size_t step = 8;
constexpr std::size_t kind_of(std::size_t bytes) { return (bytes + step - 1) / step; }
constexpr std::size_t size_of(std::size_t kind) { return std::max<std::size_t>(kind, 1) * step; }
constexpr std::size_t kinds = kind_of(spare_bytes_max) + 1;

// Of one size. It has no destructor, since what other objects of a thread leave at its end comes
// here as well.
class Spares {
 public:
  void* take() noexcept {
    Spare* const spare = first_;
    if (spare == nullptr) return nullptr;
    first_ = spare->next;
    ++wanted_;
    return spare;
  }

  // A thread wants no more than it made itself: one that makes nothing has no use for what others
  // made.
  void note_made() noexcept {
    if (made_ == limits::spare_memory_max) return;
    ++made_;
    ++wanted_;
  }
  bool wanted() const noexcept { return wanted_ > 0; }

  // The link stays readable for leak checkers.
  void keep(void* memory, std::size_t bytes) noexcept {
    first_ = ::new (memory) Spare{first_};
    --wanted_;
    poison(first_ + 1, bytes - sizeof(Spare));
  }

 private:
  struct Spare {
    Spare* next;
  };

  Spare* first_ = nullptr;
  std::uint32_t made_ = 0;    // up to the limit
  std::uint32_t wanted_ = 0;  // of which are not in the list
};

thread_local std::array<Spares, kinds> spares;
thread_local bool ended = false;

struct AtThreadsEnd {
  ~AtThreadsEnd() {
    ended = true;
    for (std::size_t kind = 0; kind < kinds; ++kind) {
      while (void* memory = spares[kind].take()) {
        unpoison(memory, size_of(kind));
        ::operator delete(memory, size_of(kind));
      }
      spares[kind] = {};
    }
  }
};

// These are apart, so that the way that most take is short.
[[gnu::noinline]] void* make(std::size_t kind) {
  void* const memory = ::operator new(size_of(kind));
  thread_local const AtThreadsEnd at_threads_end;
  if (!ended) spares[kind].note_made();
  return memory;
}

[[gnu::noinline]] void drop(void* memory, std::size_t kind) noexcept {
  ::operator delete(memory, size_of(kind));
}

}  // namespace

void* take_memory(std::size_t bytes) {
  if (bytes > spare_bytes_max) return ::operator new(bytes);
  const std::size_t kind = kind_of(bytes);
  void* const memory = spares[kind].take();
  if (memory == nullptr) return make(kind);
  unpoison(memory, bytes);
  return memory;
}

void give_memory(void* memory, std::size_t bytes) noexcept {
  if (bytes > spare_bytes_max) return ::operator delete(memory, bytes);
  const std::size_t kind = kind_of(bytes);
  if (!spares[kind].wanted()) return drop(memory, kind);
  spares[kind].keep(memory, size_of(kind));
}

}  // namespace headrace
