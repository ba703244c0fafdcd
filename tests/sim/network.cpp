#include "tests/sim/network.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "tests/sim/server.hpp"
#include "tests/support/unread_text.hpp"

namespace headrace::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Error broken(ErrorCode code, const char* why) {
  return {.code = code, .phase = Phase::connect, .system_code = -104, .detail = why};
}

}  // namespace

void Network::perform(const core::Action& action) {
  if (const auto* to_dial = std::get_if<core::Dial>(&action)) return dial(*to_dial);
  if (const auto* to_write = std::get_if<core::Write>(&action)) return write(*to_write);
  world_.require(std::holds_alternative<core::Close>(action),
                 "an action of streaming, which nobody does");
  if (const auto* to_close = std::get_if<core::Close>(&action)) close(*to_close);
}

std::size_t Network::origin_of(const http::Origin& origin) const {
  const auto& plans = world_.swarm.origins;
  const auto found = std::ranges::find_if(plans, [&](const OriginPlan& plan) {
    return plan.url.ends_with("://" + origin.host) && plan.tls == origin.tls;
  });
  return static_cast<std::size_t>(found - plans.begin());
}

void Network::dial(const core::Dial& dial) {
  Link& link = links_.add(world_, dial.connection, origin_of(*dial.origin));
  world_.note(text("Dial ", link.ordinal, " to ", http::to_string(*dial.origin)));
  judge_.dialled(link);
  plan_dial(link);
}

// A dial that hangs is never answered: the core gives it up.
void Network::plan_dial(Link& link) {
  Dice& dice = world_.network_dice;
  const NetworkFaults& faults = world_.swarm.faults;
  Duration delay = dice.up_to(faults.latency_max);
  const Duration slow = dice.up_to(seconds(3));
  const bool fails = dice.chance(faults.dial_fails) && !world_.calm;
  const bool hangs = dice.chance(faults.dial_hangs) && !world_.calm;
  if (dice.chance(faults.dial_is_slow) && !world_.calm) delay += slow;
  const bool tells = world_.swarm.origins[link.origin].tls && dice.chance(80);
  if (tells) link.in(delay / 2, EventKind::connected);
  if (hangs) return;
  world_.agenda.add(world_.now + delay,
                    {.kind = EventKind::dialled, .link = link.ordinal, .number = fails ? 1U : 0U});
}

void Network::write(const core::Write& write) {
  Link* link = links_.find(write.connection);
  world_.require(link != nullptr, "a Write names a connection that never was");
  if (link == nullptr) return;
  judge_.handed_over(*link, write.bytes);
  link->take_write(write.bytes);
}

void Network::close(const core::Close& close) {
  Link* link = links_.find(close.connection);
  world_.require(link != nullptr, "a Close names a connection that never was");
  if (link == nullptr) return;
  if (link->life == LinkLife::gone)  // decided before the news of its end came
    return world_.require(link->gone_in == world_.batch, "a Close names a connection that is gone");
  world_.note(text("Close ", link->ordinal));
  judge_.closed_by_core(*link);
  link->life = LinkLife::gone;
}

void Network::handle(const Event& event) {
  Link& link = links_.at(event.link);
  switch (event.kind) {
    case EventKind::connected:
      return connected(link);
    case EventKind::dialled:
      return dialled(link, event.number != 0);
    case EventKind::accept:
      return accept(link);
    case EventKind::report:
      return report(link);
    case EventKind::arrive:
      return arrive(link, event.bytes);
    case EventKind::serve:
      if (!link.dead) link.server->serve();
      return;
    case EventKind::noise:
      if (!link.dead) link.server->noise();
      return;
    case EventKind::deliver:
      return deliver(link, event.bytes);
    case EventKind::end:
      return end(link);
    case EventKind::reset:
      return reset(link);
    default:
      return;
  }
}

void Network::connected(Link& link) {
  if (link.life != LinkLife::dialling) return;
  world_.hit(Probe::connected_before_dialled);
  world_.note(text("on_connected ", link.ordinal));
  core_.on_connected(world_.now, link.id);
  judge_.input();
}

Manner Network::draw_manner(std::size_t origin) {
  const OriginPlan& plan = world_.swarm.origins[origin];
  Dice& dice = world_.server_dice;
  if (plan.manners.empty() || !dice.chance(plan.manner_percent)) return Manner::honest;
  return plan.manners[dice.below(plan.manners.size())];
}

void Network::dialled(Link& link, bool fails) {
  if (link.life != LinkLife::dialling) return;
  world_.note(text("on_dialled ", link.ordinal, fails ? " fails" : ""));
  if (fails) {
    judge_.dial_failed(link);
    link.life = LinkLife::gone;
    link.gone_in = world_.batch;
    core_.on_dialled(world_.now, link.id,
                     std::unexpected(broken(ErrorCode::connect_failed, "refused")));
  } else {
    link.life = LinkLife::open;
    const Manner manner = world_.calm ? Manner::honest : draw_manner(link.origin);
    link.server = std::make_unique<ServerConnection>(world_, link, manner);
    judge_.opened(link);
    core_.on_dialled(world_.now, link.id, {});
  }
  judge_.input();
}

void Network::accept(Link& link) {
  if (link.life != LinkLife::open || !link.writing()) return;
  world_.require(link.bytes_stayed(), "the bytes of a Write changed before they were accepted");
  const std::size_t count = link.accept();
  judge_.accepted(link);
  link.unreported += count;
  if (link.writing()) world_.hit(Probe::write_in_pieces);
  if (link.reset_when_accepted == link.accepted) {
    if (link.writing()) world_.hit(Probe::reset_inside_a_request);
    link.dead = true;
    return reset(link);
  }
  Dice& dice = world_.network_dice;
  const bool late = dice.chance(world_.swarm.faults.late_reports) && !world_.calm;
  const Duration delay = dice.up_to(milliseconds(30));
  if (late) return link.in(delay, EventKind::report);
  report(link);
}

// What was accepted is told before anything that can be a consequence of it.
void Network::report(Link& link) {
  if (link.life != LinkLife::open || link.unreported == 0) return;
  world_.note(text("on_written ", link.ordinal, ": ", link.unreported));
  core_.on_written(world_.now, link.id, std::exchange(link.unreported, 0));
  judge_.input();
}

void Network::arrive(Link& link, Bytes bytes) {
  if (link.dead) return;
  world_.note(text("  server ", link.ordinal, " receives ", bytes.size()));
  link.server->arrive(bytes);
}

void Network::deliver(Link& link, Bytes bytes) {
  if (link.life != LinkLife::open) {  // the shell may have read it already: it is ignored
    if (world_.network_dice.chance(10)) core_.on_received(world_.now, link.id, bytes);
    return;
  }
  if (link.broken_off) return;
  report(link);
  const bool breaks =
      link.reset_when_delivered && link.delivered + bytes.size() >= *link.reset_when_delivered;
  if (breaks) bytes = bytes.substr(0, *link.reset_when_delivered - link.delivered);
  if (!bytes.empty()) {
    world_.note(text("on_received ", link.ordinal, ": ", bytes.size(), " ", excerpt(bytes)));
    judge_.delivered(link, bytes);
    link.received_in = world_.batch;
    test::receive_like_a_shell(core_, world_.now, link.id, bytes);
    judge_.input();
  }
  if (!breaks) return;
  world_.hit(Probe::reset_inside_an_answer);
  link.dead = link.broken_off = true;
  link.in(milliseconds(1), EventKind::reset);
}

void Network::end(Link& link) {
  if (link.life != LinkLife::open || link.broken_off) return;
  report(link);
  if (link.writing()) world_.hit(Probe::half_closed_with_requests_coming);
  const bool unclean = world_.swarm.origins[link.origin].tls && !world_.calm &&
                       world_.network_dice.chance(world_.swarm.faults.unclean_ends);
  if (unclean)
    return tell_closed(link,
                       std::unexpected(broken(ErrorCode::connection_lost, "no close_notify")));
  tell_closed(link, {});
}

void Network::reset(Link& link) {
  if (link.life != LinkLife::open) return;
  report(link);
  tell_closed(link, std::unexpected(broken(ErrorCode::connection_lost, "reset by peer")));
}

void Network::tell_closed(Link& link, Result<void> how) {
  world_.note(text("on_closed ", link.ordinal, how ? "" : ": " + how.error().detail));
  judge_.lost(link, how.has_value());
  link.life = LinkLife::gone;
  link.gone_in = world_.batch;
  core_.on_closed(world_.now, link.id, std::move(how));
  judge_.input();
}

void Network::calm_down() {
  for (Link& link : links_) {
    link.reset_when_accepted.reset();
    link.reset_when_delivered.reset();
    if (link.life == LinkLife::open) link.server->calm_down();
  }
}

}  // namespace headrace::sim
