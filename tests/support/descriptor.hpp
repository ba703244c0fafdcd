#pragma once

#include <cstddef>
#include <string>
#include <utility>

namespace headrace::test {

// Owns a file descriptor.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() { reset(); }

  int get() const noexcept { return number_; }
  explicit operator bool() const noexcept { return number_ >= 0; }
  void reset() noexcept;

 private:
  int number_ = -1;
};

// Throws with errno's text: what a test cannot go on without.
[[noreturn]] void throw_system_error(const std::string& what);

// How many this process has open.
std::size_t open_descriptors();

// Checks what a system call returned.
int checked(int result, const char* what);

}  // namespace headrace::test
