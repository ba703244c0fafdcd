#include "bindings/c/reader.hpp"

namespace headrace::c {

void Reader::refuse(std::string_view name, const std::string& is, const std::string& allowed) {
  refuse(invalid(std::string(prefix_).append(name) + " is " + is + ", allowed is " + allowed));
}

std::string Reader::text(std::string_view name, hr_str given) {
  if (given.data == nullptr && given.size > 0)
    refuse(name, "null of " + std::to_string(given.size) + " bytes", "null of none");
  return std::string(view_of(given));
}

int Reader::choice(std::string_view name, std::int32_t given, int count) {
  if (given >= 0 && given < count) return given;
  refuse(name, std::to_string(given),
         count == 1 ? std::string("0") : "0 to " + std::to_string(count - 1));
  return 0;
}

}  // namespace headrace::c
