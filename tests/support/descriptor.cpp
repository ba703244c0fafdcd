#include "tests/support/descriptor.hpp"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <iterator>
#include <system_error>

namespace headrace::test {

void Descriptor::reset() noexcept {
  if (number_ >= 0) ::close(std::exchange(number_, -1));
}

void throw_system_error(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

std::size_t open_descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

int checked(int result, const char* what) {
  if (result < 0) throw_system_error(what);
  return result;
}

}  // namespace headrace::test
