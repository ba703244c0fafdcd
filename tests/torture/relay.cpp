#include "tests/torture/relay.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <limits>
#include <list>
#include <vector>

#include "tests/support/loopback.hpp"

namespace headrace::test {

Relay::Relay(std::uint16_t server, Direction direction, std::size_t bytes, Ending ending)
    : server_(server),
      direction_(direction),
      bytes_(bytes),
      ending_(ending),
      listener_(listen_on_loopback()),
      stopped_(checked(::eventfd(0, EFD_CLOEXEC), "eventfd")),
      port_(port_of(listener_)) {
  thread_ = std::thread([this] { run(); });
}

Relay::~Relay() {
  if (thread_.joinable()) stop();
}

bool Relay::stop() {
  const std::uint64_t one = 1;
  checked(static_cast<int>(::write(stopped_.get(), &one, sizeof one)), "write");
  thread_.join();
  return was_reset_;
}

void Relay::run() {
  std::list<Link> links;
  bool first = true;
  for (;;) {
    std::vector<pollfd> watched{{stopped_.get(), POLLIN, 0}, {listener_.get(), POLLIN, 0}};
    for (const Link& link : links) {
      watched.push_back({link.client.get(), POLLIN, 0});
      watched.push_back({link.server.get(), POLLIN, 0});
    }
    ::poll(watched.data(), watched.size(), -1);
    if (watched[0].revents != 0) return;
    auto ready = watched.begin() + 2;
    for (auto link = links.begin(); link != links.end(); ready += 2) {
      const bool goes_on = serve(*link, ready[0].revents != 0, ready[1].revents != 0);
      link = goes_on ? std::next(link) : links.erase(link);
    }
    if (watched[1].revents == 0) continue;
    Descriptor client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!client) continue;  // gone already
    links.push_back(
        {std::move(client), connected_to(server_),
         std::exchange(first, false) ? bytes_ : std::numeric_limits<std::size_t>::max()});
    if (links.back().left > 0) continue;
    reset(links.back());
    links.pop_back();
  }
}

bool Relay::serve(Link& link, bool from_client, bool from_server) {
  if (from_client && !hand_over(link, Direction::request)) return false;
  return !from_server || hand_over(link, Direction::response);
}

// False at the end of the link.
bool Relay::hand_over(Link& link, Direction direction) {
  const bool request = direction == Direction::request;
  std::array<char, 65536> bytes{};
  const ssize_t got =
      ::read((request ? link.client : link.server).get(), bytes.data(), bytes.size());
  if (got <= 0) return false;
  auto count = static_cast<std::size_t>(got);
  if (direction == direction_) {
    count = std::min(count, link.left);
    link.left -= count;
  }
  const Descriptor& to = request ? link.server : link.client;
  if (::send(to.get(), bytes.data(), count, MSG_NOSIGNAL) != static_cast<ssize_t>(count))
    return false;
  if (link.left > 0) return true;
  reset(link);
  return false;
}

// When it is closed, which is next.
void Relay::reset(const Link& link) {
  was_reset_ = true;
  if (ending_ == Ending::end_and_reset) ::shutdown(link.client.get(), SHUT_WR);
  const linger now{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(link.client.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

}  // namespace headrace::test
