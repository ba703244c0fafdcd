#include "engine/tls/key_log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

namespace headrace::tls {

int append_key_line(const std::string& path, std::string line) {
  const int file = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return errno;
  int error = 0;
  if (!line.empty()) {
    line += '\n';
    const ssize_t count = ::write(file, line.data(), line.size());  // at once, so lines don't mix
    if (count < 0)
      error = errno;
    else if (static_cast<std::size_t>(count) < line.size())
      error = ENOSPC;
  }
  ::close(file);
  return error;
}

}  // namespace headrace::tls
