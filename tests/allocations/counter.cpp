#include "tests/allocations/counter.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace headrace::test {
namespace {

std::atomic<std::uint64_t> counted{0};
thread_local unsigned uncounted = 0;

void* allocate(std::size_t bytes) {
  if (uncounted == 0) counted.fetch_add(1, std::memory_order_relaxed);
  if (void* made = std::malloc(bytes)) return made;
  throw std::bad_alloc();
}

void* allocate(std::size_t bytes, std::align_val_t alignment) {
  if (uncounted == 0) counted.fetch_add(1, std::memory_order_relaxed);
  const auto step = static_cast<std::size_t>(alignment);
  if (void* made = std::aligned_alloc(step, (bytes + step - 1) / step * step)) return made;
  throw std::bad_alloc();
}

}  // namespace

std::uint64_t allocations() noexcept { return counted.load(std::memory_order_relaxed); }

Uncounted::Uncounted() noexcept { ++uncounted; }
Uncounted::~Uncounted() { --uncounted; }

}  // namespace headrace::test

using headrace::test::allocate;

// All forms: under a sanitizer those that are left out are its own, and mix badly with these.
void* operator new(std::size_t bytes) { return allocate(bytes); }
void* operator new[](std::size_t bytes) { return allocate(bytes); }
void* operator new(std::size_t bytes, std::align_val_t to) { return allocate(bytes, to); }
void* operator new[](std::size_t bytes, std::align_val_t to) { return allocate(bytes, to); }
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept try {
  return allocate(bytes);
} catch (...) {
  return nullptr;
}
void* operator new[](std::size_t bytes, const std::nothrow_t&) noexcept try {
  return allocate(bytes);
} catch (...) {
  return nullptr;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
