#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "headrace/error.hpp"
#include "headrace/headrace.h"

namespace headrace::c {

// No struct will ever be larger: one that says so was not initialised.
constexpr std::size_t struct_size_max = 4096;

Error invalid(std::string detail);

// Whether a struct of such an alignment may say to be this large.
inline bool is_size(std::size_t size, std::size_t alignment) {
  return size >= sizeof(size) && size <= struct_size_max && size % alignment == 0;
}

// Why a struct of this size cannot be read, or nothing.
std::optional<Error> check_struct(std::string_view name, const void* given, std::size_t alignment,
                                  std::size_t known);

// What a program gave that may know a smaller T or a larger one: what it does not have is zero.
// `refusal` is set when it gave more than is known here, and what is known is read even so.
template <class T>
T read_struct(std::string_view name, const T* given, std::optional<Error>& refusal) {
  static_assert(std::is_trivially_copyable_v<T>);
  T read{};
  if (given == nullptr) return read;
  const std::size_t size = given->struct_size;
  refusal = check_struct(name, given, alignof(T), sizeof(T));
  if (is_size(size, alignof(T))) std::memcpy(&read, given, std::min(size, sizeof(T)));
  return read;
}

// The elements of an array lie as far apart as the program's struct is large, which must have been
// found to be a size.
template <class T>
const T* element(const T* first, std::size_t index) {
  const auto* bytes = reinterpret_cast<const char*>(first) + index * first->struct_size;
  return reinterpret_cast<const T*>(bytes);
}

}  // namespace headrace::c
