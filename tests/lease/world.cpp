#include "tests/lease/world.hpp"

#include <utility>

namespace headrace::lease_model {
namespace {

using api::LeaseRules;

std::uint8_t bit(std::size_t caller) { return static_cast<std::uint8_t>(1U << caller); }
std::uint8_t number(std::size_t caller) { return static_cast<std::uint8_t>(caller + 1); }

// One thread's next step, in every way in which it can turn out.
class Step {
 public:
  Step(const Scene& scene, const World& world, std::vector<World>& worlds)
      : scene_(scene), before_(world), worlds_(worlds) {}

  void of_caller(std::size_t i);
  void of_own_thread();

 private:
  bool wrong(Mistake mistake) const { return scene_.mistake == mistake; }

  World& fresh() { return worlds_.emplace_back(before_); }
  static void publish(World& world) {
    if (world.rules.holder() != LeaseRules::Holder::parked) world.parked_by = 0;
  }
  // What on_wake does, with the inbox's lock for a moment.
  void read_mail(World& world) const {
    if (!wrong(Mistake::flag_stays_behind)) world.inbox_woken = false;
    world.unflushed = false;
    world.in_flight |= std::exchange(world.mail, std::uint8_t{0});
    if (!world.shut_down_asked) return;
    world.ending = true;
    complete(world, std::exchange(world.in_flight, std::uint8_t{0}));
  }
  static void complete(World& world, std::uint8_t requests) {
    for (std::size_t i = 0; i < callers_max; ++i)
      if ((requests & bit(i)) != 0) world.callers[i].arrived = true;
  }
  // Within the loop: what it may find at its next poll.
  template <class After>
  void poll(After after);

  void push(std::size_t i);
  void flush(std::size_t i);
  void tell(std::size_t i);
  void hand(std::size_t i);
  void wait(std::size_t i);
  void leave(std::size_t i);
  void give_back(std::size_t i);
  void come();

  // The round is over when the answer is there.
  static At after_wait(Caller& caller) {
    if (!caller.arrived) return At::waiting;
    caller.arrived = false;
    return caller.rounds > 0 ? At::idle : At::done;
  }

  const Scene& scene_;
  const World& before_;
  std::vector<World>& worlds_;
};

template <class After>
void Step::poll(After after) {
  if (before_.woken && before_.inbox_locked == 0) {
    World& world = fresh();
    world.woken = false;
    read_mail(world);
    after(world);
  }
  for (std::size_t i = 0; i < callers_max; ++i) {
    if ((before_.in_flight & bit(i)) == 0) continue;
    World& world = fresh();
    world.in_flight = static_cast<std::uint8_t>(world.in_flight & ~bit(i));
    complete(world, bit(i));
    after(world);
  }
}

void Step::push(std::size_t i) {
  const Caller& now = before_.callers[i];
  if (wrong(Mistake::parked_read_before_inbox) && now.at == At::idle && !now.believes_parked &&
      before_.parked_by == number(i))
    fresh().callers[i].believes_parked = true;
  if (before_.inbox_locked != 0) return;
  World& world = fresh();
  Caller& caller = world.callers[i];
  if (caller.closes) {
    world.shut_down_asked = world.refusing = true;
    world.inbox_locked = number(i);
    caller.at = At::urging;
    return;
  }
  --caller.rounds;
  if (world.refusing) {
    caller.at = caller.rounds > 0 ? At::idle : At::done;
    return;
  }
  world.mail |= bit(i);
  if (caller.enqueues) {
    world.unflushed = !world.inbox_woken;
    caller.at = wrong(Mistake::wait_does_not_flush) ? At::waiting : At::flushing;
  } else {
    world.inbox_locked = number(i);
    caller.at = At::pushed;
  }
}

// Whether there is something to flush is asked without the lock first, and again with it.
void Step::flush(std::size_t i) {
  if (before_.unflushed && before_.inbox_locked != 0) return;
  World& world = fresh();
  world.callers[i].at = world.unflushed ? At::pushed : At::waiting;
  if (world.unflushed) world.inbox_locked = number(i);
}

// The loop is gone once the engine's own thread closes.
void Step::tell(std::size_t i) {
  World& world = fresh();
  Caller& caller = world.callers[i];
  const bool urgent = caller.at == At::urging;
  const bool own = std::exchange(caller.believes_parked, false) || world.parked_by == number(i);
  const bool woken = std::exchange(world.inbox_woken, true);
  world.unflushed = false;
  if (!urgent && (woken || own)) {
    world.inbox_locked = 0;
    caller.at = At::waiting;
  } else if (world.parked_by != 0) {
    caller.at = At::handing;
  } else {
    world.woken = true;
    world.inbox_locked = 0;
    caller.at = urgent ? At::done : At::waiting;
  }
  if (!caller.waits && caller.at == At::waiting) caller.at = At::done;
}

void Step::hand(std::size_t i) {
  World& world = fresh();
  Caller& caller = world.callers[i];
  const bool rouse = world.rules.on_mail();
  publish(world);
  if (!rouse) world.woken = true;
  world.inbox_locked = 0;
  caller.after = caller.waits ? At::waiting : At::done;
  caller.at = rouse ? At::rousing : caller.after;
}

void Step::wait(std::size_t i) {
  for (const bool may_ask : {false, true}) {
    World& world = fresh();
    Caller& caller = world.callers[i];
    if (caller.arrived) {  // the future is ready before anybody waits
      caller.at = after_wait(caller);
      return;
    }
    const LeaseRules::Wait how = world.rules.on_wait(may_ask);
    publish(world);
    caller.at = how == LeaseRules::Wait::run ? At::looking : At::sleeping;
    if (how == LeaseRules::Wait::ask) {
      caller.at = At::asking;
      world.asker = number(i);
      world.woken = true;
    }
  }
}

void Step::leave(std::size_t i) {
  const Caller& now = before_.callers[i];
  const bool impatient = !now.arrived && !now.granted && now.timeouts > 0;
  if (!now.arrived && !now.granted && !impatient) return;
  World& world = fresh();
  Caller& caller = world.callers[i];
  if (impatient) --caller.timeouts;
  const bool forgets = wrong(Mistake::grant_forgotten) && caller.arrived;
  if (std::exchange(caller.granted, false) && !forgets) {
    caller.at = At::looking;
    return;
  }
  world.rules.on_wait_over(caller.at == At::asking);
  if (caller.at == At::asking) world.asker = 0;
  publish(world);
  caller.at = after_wait(caller);
}

void Step::give_back(std::size_t i) {
  World& world = fresh();
  Caller& caller = world.callers[i];
  const bool rouse = world.rules.on_return(world.ending);
  publish(world);
  if (world.rules.holder() == LeaseRules::Holder::parked) world.parked_by = number(i);
  caller.after = after_wait(caller);
  const bool forgotten = wrong(Mistake::sleeper_not_roused) && world.parked_by != 0;
  caller.at = rouse && !forgotten ? At::rousing : caller.after;
}

void Step::of_caller(std::size_t i) {
  const Caller& caller = before_.callers[i];
  switch (caller.at) {
    case At::idle:
      return push(i);
    case At::flushing:
      return flush(i);
    case At::pushed:
    case At::urging:
      return tell(i);
    case At::handing:
      return hand(i);
    case At::waiting:
      return wait(i);
    case At::sleeping:
    case At::asking:
      return leave(i);
    case At::looking:
      if (wrong(Mistake::taker_does_not_look)) {
        fresh().callers[i].at = At::running;
      } else if (before_.inbox_locked == 0) {
        World& world = fresh();
        read_mail(world);
        world.callers[i].at = At::running;
      }
      return;
    case At::running:
      if (caller.arrived || before_.ending) {
        fresh().callers[i].at = At::returning;
        return;
      }
      if (caller.timeouts > 0) {
        Caller& impatient = fresh().callers[i];
        --impatient.timeouts;
        impatient.at = At::returning;
      }
      return poll([](World&) {});
    case At::returning:
      return give_back(i);
    case At::rousing: {
      World& world = fresh();
      if (world.own == Own::asleep || world.own == Own::dozing) world.roused = true;
      world.callers[i].at = caller.after;
      return;
    }
    case At::done:
      return;
  }
}

void Step::come() {
  World& world = fresh();
  const LeaseRules::Look look = world.rules.on_look();
  publish(world);
  world.own = look == LeaseRules::Look::take   ? Own::looking
              : look == LeaseRules::Look::doze ? Own::dozing
                                               : Own::asleep;
}

void Step::of_own_thread() {
  // Come out when asked, or at the end of everything.
  const auto consider = [](World& world) {
    world.own = world.ending                                        ? Own::closing
                : world.rules.holder() == LeaseRules::Holder::asked ? Own::came_out
                                                                    : Own::running;
  };
  switch (before_.own) {
    case Own::coming:
      return come();
    case Own::asleep:
      if (!before_.roused) return;
      [[fallthrough]];
    case Own::dozing: {
      World& world = fresh();
      world.roused = false;
      world.own = Own::coming;
      return;
    }
    case Own::looking:
      if (before_.inbox_locked != 0 && !wrong(Mistake::taker_does_not_look)) return;
      {
        World& world = fresh();
        if (!wrong(Mistake::taker_does_not_look)) read_mail(world);
        consider(world);
      }
      return;
    case Own::running:
      return poll(consider);
    case Own::came_out: {
      World& world = fresh();
      const bool lent = world.rules.on_came_out();
      publish(world);
      if (lent) world.callers[world.asker - 1U].granted = true;
      world.own = lent && !wrong(Mistake::goes_on_after_lending) ? Own::coming : Own::looking;
      return;
    }
    case Own::closing: {
      if (before_.inbox_locked != 0) return;
      World& world = fresh();
      world.rules.on_end();
      publish(world);
      complete(world, std::exchange(world.mail, std::uint8_t{0}));
      world.own = Own::gone;
      return;
    }
    case Own::gone:
      return;
  }
}

}  // namespace

World first_world(const Scene& scene) {
  World world;
  std::size_t next = 0;
  const auto add = [&] -> Caller& { return world.callers.at(next++); };
  for (unsigned i = 0; i < scene.waiters; ++i) {
    Caller& caller = add();
    caller.waits = true;
    caller.enqueues = i < scene.enqueuers;
    caller.rounds = static_cast<std::uint8_t>(scene.rounds);
    caller.timeouts = static_cast<std::uint8_t>(scene.timeouts);
  }
  if (scene.submitter) add().rounds = 1;
  if (scene.closer) add().closes = true;
  while (next < callers_max) add().at = At::done;
  return world;
}

std::vector<World> next_worlds(const Scene& scene, const World& world) {
  std::vector<World> worlds;
  Step step(scene, world, worlds);
  for (std::size_t i = 0; i < callers_max; ++i) step.of_caller(i);
  step.of_own_thread();
  return worlds;
}

bool finished(const World& world) {
  for (const Caller& caller : world.callers)
    if (caller.at != At::done) return false;
  return world.mail == 0 && world.in_flight == 0;
}

std::string_view defect(const World& world) {
  int have = world.own == Own::looking || world.own == Own::running || world.own == Own::came_out;
  bool sleeps = false;
  bool in_loop = world.own == Own::running;
  for (const Caller& caller : world.callers) {
    have += caller.at == At::looking || caller.at == At::running || caller.at == At::returning;
    in_loop = in_loop || (caller.at == At::running && !caller.arrived && !world.ending);
    sleeps = sleeps || caller.at == At::sleeping || caller.at == At::asking;
  }
  if (have > 1) return "two threads have the loop";
  if (in_loop && world.mail != 0 && !world.unflushed && !world.woken && world.inbox_locked == 0)
    return "the loop waits for the network with unread mail, and nobody woke it";
  if (world.rules.holder() == LeaseRules::Holder::parked && sleeps)
    return "the loop is parked though somebody waits";
  return {};
}

}  // namespace headrace::lease_model
