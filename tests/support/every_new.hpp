#pragma once

#include <cstdlib>
#include <new>

// Every operator new of a program, for the one file of it that includes this and says what is to
// come before each.
namespace headrace::test {

// False has it fail. It must not allocate.
bool may_allocate() noexcept;

namespace {

void* allocate(std::size_t bytes) {
  void* const made = may_allocate() ? std::malloc(bytes) : nullptr;
  if (made == nullptr) throw std::bad_alloc();
  return made;
}

void* allocate(std::size_t bytes, std::align_val_t alignment) {
  const auto step = static_cast<std::size_t>(alignment);
  void* const made =
      may_allocate() ? std::aligned_alloc(step, (bytes + step - 1) / step * step) : nullptr;
  if (made == nullptr) throw std::bad_alloc();
  return made;
}

}  // namespace
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
