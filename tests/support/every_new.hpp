#pragma once

#include <cstdlib>
#include <new>

// Every operator new and delete of a program, for the one file of it that includes this and says
// what is to come with each. None of it may allocate.
namespace headrace::test {

// False has operator new fail.
bool may_allocate() noexcept;

// There is a new block, and one will be gone.
void on_allocated(void* block) noexcept;
void on_freed(void* block) noexcept;

namespace {

void* allocated(void* made) {
  if (made == nullptr) throw std::bad_alloc();
  on_allocated(made);
  return made;
}

void* allocate(std::size_t bytes) {
  return allocated(may_allocate() ? std::malloc(bytes) : nullptr);
}

void* allocate(std::size_t bytes, std::align_val_t alignment) {
  const auto step = static_cast<std::size_t>(alignment);
  bytes = (bytes + step - 1) / step * step;
  return allocated(may_allocate() ? std::aligned_alloc(step, bytes) : nullptr);
}

void release(void* block) noexcept {
  if (block != nullptr) on_freed(block);
  std::free(block);
}

}  // namespace
}  // namespace headrace::test

using headrace::test::allocate;
using headrace::test::release;

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
void operator delete(void* memory) noexcept { release(memory); }
void operator delete[](void* memory) noexcept { release(memory); }
void operator delete(void* memory, std::size_t) noexcept { release(memory); }
void operator delete[](void* memory, std::size_t) noexcept { release(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { release(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { release(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { release(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { release(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { release(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { release(memory); }
