#include "bindings/c/structs.hpp"

#include <utility>

namespace headrace::c {

Error invalid(std::string detail) {
  return {.code = ErrorCode::invalid_argument, .safe_to_repeat = true, .detail = std::move(detail)};
}

std::optional<Error> check_struct(std::string_view name, const void* given, std::size_t alignment,
                                  std::size_t known) {
  std::size_t size = 0;
  std::memcpy(&size, given, sizeof(size));
  const std::string said = std::string(name) + ".struct_size is " + std::to_string(size);
  if (!is_size(size, alignment))
    return invalid(said + ": set it to sizeof(" + std::string(name) + ")");
  const char* const bytes = static_cast<const char*>(given);
  for (std::size_t at = known; at < size; ++at)
    if (bytes[at] != 0)
      return invalid(said + ", headrace " HR_VERSION " knows " + std::to_string(known) +
                     " bytes, and byte " + std::to_string(at) +
                     " is not zero: the program uses what a newer headrace has, run it with that");
  return std::nullopt;
}

}  // namespace headrace::c
