#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "bindings/c/structs.hpp"

namespace headrace::c {

// Null is empty, whatever size is said.
inline std::string_view view_of(hr_str text) {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.size);
}

inline hr_str str_of(std::string_view text) { return {.data = text.data(), .size = text.size()}; }

// Reads what stands in a struct, and keeps the first thing that is wrong.
class Reader {
 public:
  explicit Reader(std::string_view prefix) : prefix_(prefix) {}

  void refuse(std::string_view name, const std::string& is, const std::string& allowed);
  void refuse(std::optional<Error> error) {
    if (!refusal_) refusal_ = std::move(error);
  }

  std::string text(std::string_view name, hr_str given);

  // A number that names one of `count` choices.
  int choice(std::string_view name, std::int32_t given, int count);
  bool flag(std::string_view name, std::int32_t given) { return choice(name, given, 2) == 1; }
  void unused(std::string_view name, std::int32_t given) { choice(name, given, 1); }

  // 0 leaves the option at its default, HR_NONE makes it 0. Whether it may be is the engine's to
  // say.
  template <class N>
  void number(std::string_view name, std::int64_t given, N& option) {
    constexpr auto most = most_of<N>();
    if (given == 0) return;
    if (given < HR_NONE || given > most)
      return refuse(name, std::to_string(given), "-1 (HR_NONE) to " + std::to_string(most));
    option = static_cast<N>(given == HR_NONE ? 0 : given);
  }

  std::optional<Error> take_refusal() { return std::exchange(refusal_, std::nullopt); }

 private:
  template <class N>
  static constexpr std::int64_t most_of() {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    if constexpr (std::is_integral_v<N> && sizeof(N) < sizeof(most))
      return std::numeric_limits<N>::max();
    else
      return most;
  }

  std::string_view prefix_;
  std::optional<Error> refusal_;
};

}  // namespace headrace::c
