#include "tests/support/descriptor.hpp"

#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace headrace::test {

void Descriptor::reset() noexcept {
  if (number_ >= 0) ::close(std::exchange(number_, -1));
}

void throw_system_error(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

int checked(int result, const char* what) {
  if (result < 0) throw_system_error(what);
  return result;
}

}  // namespace headrace::test
