#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string_view>
#include <type_traits>
#include <vector>

#include "engine/api/lease_rules.hpp"

// Everything that decides how a loop changes hands, with threads cut into their atomic steps: one
// for each lock that is held, and for each variable that is read without one. The decisions are
// those of the engine itself (LeaseRules); locks, wake-ups and the network are modelled here.
namespace headrace::lease_model {

// What is done wrong on purpose, to see it found.
enum class Mistake : std::uint8_t {
  none,
  taker_does_not_look,       // who takes the loop trusts that it would have been woken for mail
  parked_read_before_inbox,  // "did I park the loop?" is asked before the inbox is locked
  sleeper_not_roused,        // the loop is parked, and the engine's own thread sleeps on
  grant_forgotten,           // a lent loop is not noticed by one whose answer came meanwhile
  goes_on_after_lending,     // the engine's own thread stays in a loop that it has lent
  wait_does_not_flush,       // who waits leaves it to others to wake the loop for what it enqueued
  flag_stays_behind,  // the inbox passes for one that the loop was woken for when it was read
};

struct Scene {
  unsigned waiters = 1;
  unsigned rounds = 1;     // requests of each, one after the other
  unsigned enqueuers = 0;  // how many of the waiters enqueue them
  bool submitter = false;  // a thread that submits one request and does not wait
  bool closer = false;     // a thread that shuts the engine down
  unsigned timeouts = 0;   // how often each waiter may lose patience
  Mistake mistake = Mistake::none;
};

constexpr std::size_t callers_max = 4;

enum class At : std::uint8_t {
  idle,      // about to submit
  pushed,    // mail is in the inbox, whose lock it holds
  flushing,  // mail is in the inbox, for which the loop may not have been woken
  handing,   // still with that lock: hands a parked loop to the engine's own thread
  urging,    // the same for mail that cannot wait
  waiting,   // about to wait
  sleeping,
  asking,   // sleeping too
  looking,  // has the loop, reads the mail
  running,  // has the loop, and is in it
  returning,
  rousing,  // notifies the engine's own thread
  done,
};

struct Caller {
  At at = At::idle;
  At after = At::idle;  // rousing
  std::uint8_t rounds = 0;
  std::uint8_t timeouts = 0;
  bool waits = false;
  bool closes = false;
  bool enqueues = false;
  bool believes_parked = false;  // with Mistake::parked_read_before_inbox
  bool arrived = false;
  bool granted = false;
};

enum class Own : std::uint8_t { coming, dozing, asleep, looking, running, came_out, closing, gone };

struct World {
  api::LeaseRules rules = {};
  std::array<Caller, callers_max> callers = {};
  Own own = Own::coming;
  std::uint8_t parked_by = 0;  // a caller's number, counted from 1
  std::uint8_t asker = 0;
  std::uint8_t inbox_locked = 0;
  std::uint8_t mail = 0;  // a bit for each caller's request
  std::uint8_t in_flight = 0;
  bool inbox_woken = false;  // the loop was woken for what is in it
  bool unflushed = false;    // it was not
  bool woken = false;        // the loop's descriptor is readable
  bool roused = false;
  bool shut_down_asked = false;  // in the mail
  bool ending = false;           // and read
  bool refusing = false;
  std::array<std::uint8_t, 3> padding = {};

  std::string_view bytes() const { return {reinterpret_cast<const char*>(this), sizeof *this}; }
};

static_assert(std::has_unique_object_representations_v<World>);

World first_world(const Scene& scene);

// Every world that one step of one thread, or of the network, leads to.
std::vector<World> next_worlds(const Scene& scene, const World& world);

// Nobody has anything left to do.
bool finished(const World& world);

// Empty, or what is wrong with it.
std::string_view defect(const World& world);

}  // namespace headrace::lease_model
