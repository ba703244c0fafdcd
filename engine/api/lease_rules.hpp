#pragma once

#include <cstdint>

namespace headrace::api {

// Who may run a loop, decided from who waits: the transitions of the lease (lease.hpp), apart from
// threads, locks and time, so that a checker can try every order of them (tests/lease).
//
//                     wants it              came out
//     .-> background ----------> asked ----------------.
//     |     ^  ^                   | gave up           v
//     |     |  '-------------------'                 leased <--.
//     |     '--- others wait ---------------------------|      | waits again
//     |                                                 v      |
//     '--- unused for a while, or mail of others ----- parked -'
//
// - background: the engine's own thread runs it, or is about to.
// - asked: the same, and the only thread that waits wants it.
// - leased: a waiting thread runs it.
// - parked: nobody runs it. The thread that had it last may be back at once; until then the
//   engine's own looks at it from time to time, and takes it when it was not used since.
// - ended: nobody runs it any more. From any state, by the engine's own thread while it has the
//   loop.
class LeaseRules {
 public:
  // (16 bits, so that the checker finds no padding between the members.)
  enum class Holder : std::uint16_t { background, asked, leased, parked, ended };

  // A thread begins to wait; where the engine's own has the loop, it `may_ask` for it.
  enum class Wait : std::uint8_t {
    sleep,  // somebody else runs the loop
    ask,    // the same, but it is to be woken: it will be lent the loop
    run,    // it has the loop
  };
  Wait on_wait(bool may_ask);

  // One that does not have the loop stops waiting.
  void on_wait_over(bool asked);

  // The one that has the loop stops waiting, and the engine's own thread must have it when
  // `needed`. True: that thread is to be roused.
  [[nodiscard]] bool on_return(bool needed);

  // The engine's own thread came out of the loop. True: it is the asking one's now.
  [[nodiscard]] bool on_came_out();

  // The engine's own thread, while it does not have the loop, looks whether it should.
  enum class Look : std::uint8_t {
    take,   // it has the loop
    doze,   // it looks again after a moment
    sleep,  // it looks again when roused
  };
  Look on_look();

  // A thread that may not be back soon left mail, or one that wants it to be read now. True: the
  // engine's own thread is to be roused; else the loop is.
  [[nodiscard]] bool on_mail();

  void on_end() { holder_ = Holder::ended; }

  Holder holder() const { return holder_; }
  std::uint32_t waiters() const { return waiters_; }
  friend bool operator==(const LeaseRules&, const LeaseRules&) = default;

 private:
  Holder holder_ = Holder::background;
  bool used_ = false;          // since the last look
  bool asleep_ = false;        // the engine's own thread is, until roused
  std::uint32_t waiters_ = 0;  // who has the loop and who sleeps; none while it is parked
};

}  // namespace headrace::api
