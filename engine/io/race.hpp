#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "engine/base/instant.hpp"
#include "engine/base/limits.hpp"
#include "engine/io/address.hpp"
#include "engine/io/socket.hpp"
#include "engine/io/timer.hpp"
#include "headrace/error.hpp"

namespace headrace::io {

// Connects to whichever of some addresses accepts first: the "Happy Eyeballs" of RFC 8305 §5.
//
// They start in the order given, each when the one before has failed or has had its head start. No
// more than limits::racing_max run at once: the one that has run longest makes room for the next,
// and the last ones run on. Destroying the race ends it.
class Race final : Timer::Events {
 public:
  class Events {
   public:
    virtual void on_won(SocketPointer socket) = 0;
    virtual void on_lost(Error error) = 0;  // connect_failed: why the last one to fail did
    // Before any of these, of each address: it failed, or was outrun by one that started later.
    virtual void on_address_failed(const Address& address) = 0;
    virtual void on_address_connected(const Address& address) = 0;

   protected:
    ~Events() = default;
  };

  Race(uv_loop_t* loop, Events& events, std::vector<Address> addresses,
       Duration head_start = limits::head_start);
  Race(const Race&) = delete;
  Race& operator=(const Race&) = delete;

  // May report before it returns. The race may be destroyed in a report.
  void start() { start_next(); }

 private:
  struct Attempt final : Socket::ConnectEvents {
    void on_connected(int code) override { race->on_connected(*this, code); }

    Race* race = nullptr;
    std::size_t number = 0;  // of its address
    SocketPointer socket;    // while it runs
  };

  void on_timer() override { start_next(); }
  void on_connected(Attempt& attempt, int code);
  void start_next();
  int start(std::size_t number);
  Attempt& place_for_next();
  bool running() const noexcept;
  void note_failure(std::size_t number, int code);

  uv_loop_t* loop_;
  Events& events_;
  const std::vector<Address> addresses_;
  const Duration head_start_;
  std::size_t next_ = 0;
  std::array<Attempt, limits::racing_max> attempts_;
  TimerPointer timer_;
  Error last_failure_;
};

}  // namespace headrace::io
