#pragma once

#include <cstddef>
#include <string_view>
#include <utility>

#include "engine/base/spare_memory.hpp"

namespace headrace::http {

// A request's bytes as they are kept until it is through: no more memory than they take.
class Wire {
 public:
  Wire() = default;
  explicit Wire(std::string_view bytes)
      : Wire(bytes.size(), [&](char* at) { bytes.copy(at, bytes.size()); }) {}

  // `fill` writes as many bytes as it is made for to the place that it is given, and does not
  // throw.
  template <class Fill>
  Wire(std::size_t size, Fill fill) : bytes_(static_cast<char*>(take_memory(size))), size_(size) {
    fill(bytes_);
  }

  Wire(Wire&& other) noexcept
      : bytes_(std::exchange(other.bytes_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  Wire& operator=(Wire&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~Wire() {
    if (bytes_ != nullptr) give_memory(bytes_, size_);
  }

  std::size_t size() const noexcept { return size_; }
  std::string_view view() const noexcept { return {bytes_, size_}; }

 private:
  char* bytes_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace headrace::http
