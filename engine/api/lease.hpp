#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>

#include "engine/api/lease_rules.hpp"
#include "headrace/detail/driver.hpp"
#include "headrace/detail/fork.hpp"
#include "headrace/detail/gate.hpp"

namespace headrace::api {

// What can be lent: a loop, and what it needs to run.
class Lent {
 public:
  virtual ~Lent() = default;

  // Runs the loop till a watch has arrived at the gate or the deadline has passed. True: the loop
  // is its own thread's from now on, whether or not that is so. In a forked child it just returns.
  virtual bool run_for(detail::Gate& gate,
                       const std::optional<detail::Clock::time_point>& deadline) noexcept = 0;

  // Any thread: makes whoever runs the loop look at its mail, and at Lease::asked.
  virtual void wake() noexcept = 0;
};

// Lends a loop to a waiting thread (decisions/0012): that saves two changes of the thread for each
// call. The engine's own thread runs it whenever nobody waits, or many do.
//
// Whoever has the loop is alone with it, and sees all that the one before did there. Each begins
// with a look into the inbox, so that mail which was left while the loop was parked is not lost.
class Lease final : public detail::Driver {
 public:
  // Before any thread can wait.
  void open(Lent& lent) noexcept { lent_ = &lent; }

  // A waiting thread's way in.
  void wait(detail::Gate& gate, const std::optional<detail::Clock::time_point>& deadline) override;

  // The following five are for the engine's own thread. Waits until the loop is this thread's.
  void regain();
  // Somebody wants the loop: come out and lend it.
  bool asked() const noexcept { return asked_.load(std::memory_order_relaxed); }
  // True when it is lent.
  bool lend();
  // Nobody runs the loop any more.
  void end();

  // Mail was left in the inbox, whose lock is held. True when it will be read without a wake() of
  // the loop: by this thread, which has the loop and is going to look, or had it last and is not to
  // wait for the answer unless it says so (`now`); or by the engine's own thread, which is being
  // roused.
  bool attends_to_mail(bool now);

  // By the thread that has the loop: whether it is going to look into the inbox before it polls.
  void is_to_look(bool so) noexcept;
  // Any thread: it has the loop and is going to look.
  bool looks_next() const noexcept;

 private:
  LeaseRules::Wait enter(detail::Gate& gate);
  bool leave(detail::Gate& gate, bool asked);
  void run(detail::Gate& gate, const std::optional<detail::Clock::time_point>& deadline);
  bool worth_asking();
  void publish() noexcept;

  Lent* lent_ = nullptr;
  const detail::ForkMark mark_;
  std::mutex mutex_;  // never taken by who holds a gate's; guards what follows
  std::condition_variable roused_;
  LeaseRules rules_;
  detail::Gate* asking_ = nullptr;
  unsigned lone_waits_ = ~0U / 2;  // since two threads waited at once
  // What others may know without the lock.
  std::atomic<bool> asked_{false};
  std::atomic<const void*> parked_by_{nullptr};
  std::atomic<const void*> looks_next_{nullptr};
};

}  // namespace headrace::api
