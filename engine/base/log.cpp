#include "headrace/log.hpp"

#include <utility>

namespace headrace {

std::string_view name_of(LogLevel level) noexcept {
  switch (level) {
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info";
    case LogLevel::warning:
      return "warning";
  }
  std::unreachable();
}

}  // namespace headrace
