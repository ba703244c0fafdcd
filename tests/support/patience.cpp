#include "tests/support/patience.hpp"

#include <poll.h>

#include <cerrno>

#include "tests/support/descriptor.hpp"

namespace headrace::test {

bool wait_until_ready(int descriptor, Readiness readiness, std::chrono::milliseconds limit) {
  const short events = readiness == Readiness::read ? POLLIN : POLLOUT;
  const auto until = std::chrono::steady_clock::now() + limit;
  while (true) {
    pollfd watched{descriptor, events, 0};
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    const int ready = ::poll(&watched, 1, left.count() > 0 ? static_cast<int>(left.count()) : 0);
    if (ready >= 0) return ready > 0;
    if (errno != EINTR) throw_system_error("poll");
  }
}

}  // namespace headrace::test
