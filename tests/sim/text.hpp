#pragma once

#include <string>
#include <string_view>
#include <type_traits>

namespace headrace::sim {

inline void append(std::string& to, std::string_view part) { to.append(part); }
template <class Number>
  requires std::is_integral_v<Number>
void append(std::string& to, Number part) {
  to.append(std::to_string(part));
}

// text("connection ", 3, " is gone"): numbers and strings put together.
template <class... Parts>
std::string text(const Parts&... parts) {
  std::string whole;
  (append(whole, parts), ...);
  return whole;
}

}  // namespace headrace::sim
