#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <queue>
#include <vector>

#include "bench/origin/connection.hpp"

namespace headrace::bench {

// The whole server: one thread, one epoll. It ends on SIGTERM or SIGINT and when its standard input
// does, so that it never outlives who started it.
class Loop {
 public:
  // Without a context it speaks plain HTTP. Throws std::system_error.
  Loop(const OriginSettings& settings, SSL_CTX* context);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  std::uint16_t port() const noexcept { return port_; }
  void run();

 private:
  // An epoll event's or a timer's connection; the serial tells it from an earlier one of the same
  // descriptor.
  struct Name {
    std::uint32_t descriptor;
    std::uint32_t serial;
  };
  struct Slot {
    std::unique_ptr<Connection> connection;
    std::uint32_t serial = 0;
    bool watched_for_output = false;
    std::optional<Clock::time_point> timer = {};
  };
  struct Timer {
    Clock::time_point due;
    Name name;
    bool operator>(const Timer& other) const { return due > other.due; }
  };

  void watch(int descriptor, std::uint32_t events, std::uint32_t serial);
  void on_event(std::uint64_t data, std::uint32_t events, Clock::time_point now);
  void on_timers(Clock::time_point now);
  void release_if_enough(Clock::time_point now);
  void accept_all();
  void serve(std::uint32_t descriptor, Clock::time_point now);
  Slot* find(Name name);

  const OriginSettings& settings_;
  SSL_CTX* context_;
  Catalogue catalogue_;
  std::uint16_t port_ = 0;
  int listener_;
  int signals_;
  int epoll_;
  bool ended_ = false;
  std::size_t held_ = 0;  // requests that wait for others
  std::uint32_t serials_ = 0;
  std::vector<Slot> slots_ = {};  // by descriptor
  std::priority_queue<Timer, std::vector<Timer>, std::greater<>> timers_ = {};
  std::vector<char> room_;
};

}  // namespace headrace::bench
