#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "fuzz/require.hpp"

namespace headrace::fuzz {

// A server on a thread of its own that answers every request with the same few bytes, for targets
// that need a far end. It is there as long as the process.
class AnsweringServer {
 public:
  AnsweringServer() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    require(bind(listener_, generic, size) == 0 && listen(listener_, SOMAXCONN) == 0 &&
                getsockname(listener_, generic, &size) == 0,
            "a loopback port");
    origin_ = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    std::thread([this] { serve(); }).detach();
  }

  const std::string& origin() const { return origin_; }

 private:
  struct Connection {
    int socket;
    std::size_t matched = 0;  // of the end of a head
  };

  [[noreturn]] void serve() {
    for (;;) {
      std::vector<pollfd> watched{{listener_, POLLIN, 0}};
      for (const Connection& one : connections_) watched.push_back({one.socket, POLLIN, 0});
      poll(watched.data(), watched.size(), -1);
      for (std::size_t i = connections_.size(); i-- > 0;)
        if (watched[i + 1].revents != 0 && !answer(connections_[i])) drop(i);
      if (watched[0].revents != 0)
        connections_.push_back({accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)});
    }
  }

  // False at the end of the connection. Bodies must not hold an empty line.
  static bool answer(Connection& from) {
    constexpr std::string_view end = "\r\n\r\n";
    constexpr std::string_view ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    std::array<char, 4096> bytes{};
    const ssize_t got = read(from.socket, bytes.data(), bytes.size());
    if (got <= 0) return false;
    std::string answers;
    for (const char byte : std::string_view(bytes.data(), static_cast<std::size_t>(got))) {
      from.matched = byte == end[from.matched] ? from.matched + 1 : byte == '\r' ? 1 : 0;
      if (from.matched < end.size()) continue;
      from.matched = 0;
      answers += ok;
    }
    return answers.empty() || send(from.socket, answers.data(), answers.size(), MSG_NOSIGNAL) > 0;
  }

  void drop(std::size_t index) {
    close(connections_[index].socket);
    connections_.erase(connections_.begin() + static_cast<std::ptrdiff_t>(index));
  }

  int listener_;
  std::string origin_;
  std::vector<Connection> connections_;
};

}  // namespace headrace::fuzz
