#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>

namespace headrace::http {

// A request's bytes as they are kept until it is through: no more memory than they take.
class Wire {
 public:
  Wire() = default;
  explicit Wire(std::string_view bytes)
      : Wire(bytes.size(), [&](char* at) { bytes.copy(at, bytes.size()); }) {}

  // `fill` writes as many bytes as it is made for to the place that it is given.
  template <class Fill>
  Wire(std::size_t size, Fill fill)
      : bytes_(std::make_unique_for_overwrite<char[]>(size)), size_(size) {
    fill(bytes_.get());
  }

  Wire(Wire&& other) noexcept
      : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0)) {}
  Wire& operator=(Wire&& other) noexcept {
    bytes_ = std::move(other.bytes_);
    size_ = std::exchange(other.size_, 0);
    return *this;
  }

  std::size_t size() const noexcept { return size_; }
  std::string_view view() const noexcept { return {bytes_.get(), size_}; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
};

}  // namespace headrace::http
