#include "tests/torture/failing_new.hpp"

#include <cstdlib>
#include <new>

namespace headrace::test {
namespace {

thread_local std::size_t left = 0;  // until the one that fails; 0 when there is none

void* allocate(std::size_t bytes) {
  const bool fails = left > 0 && --left == 0;
  void* const made = fails ? nullptr : std::malloc(bytes);
  if (made == nullptr) throw std::bad_alloc();
  return made;
}

void* allocate(std::size_t bytes, std::align_val_t alignment) {
  const bool fails = left > 0 && --left == 0;
  const auto step = static_cast<std::size_t>(alignment);
  void* const made = fails ? nullptr : std::aligned_alloc(step, (bytes + step - 1) / step * step);
  if (made == nullptr) throw std::bad_alloc();
  return made;
}

}  // namespace

FailingNew::FailingNew(std::size_t nth) noexcept { left = nth; }
FailingNew::~FailingNew() { left = 0; }
bool FailingNew::reached() const noexcept { return left == 0; }

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
