#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "engine/base/instant.hpp"
#include "engine/base/limits.hpp"
#include "engine/io/address.hpp"
#include "engine/io/race_rules.hpp"
#include "engine/io/socket.hpp"
#include "engine/io/timer.hpp"
#include "headrace/error.hpp"

namespace headrace::io {

// Connects to whichever of some addresses accepts first, in the order and at the times that
// RaceRules gives. Destroying the race ends it.
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
  int start(Instant now, std::size_t number);
  Attempt& attempt_at(std::size_t number);
  Attempt& free_place();
  void note_failure(std::size_t number, int code);

  uv_loop_t* loop_;
  Events& events_;
  const std::vector<Address> addresses_;
  RaceRules rules_;
  std::array<Attempt, limits::racing_max + 1> attempts_;  // one more while another makes room
  TimerPointer timer_;
  Error last_failure_;
};

}  // namespace headrace::io
