#include "tests/sim/server.hpp"

#include <algorithm>
#include <utility>

namespace headrace::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

bool comes_to_an_end(Manner manner) {
  return manner == Manner::announces_end || manner == Manner::ends_unannounced ||
         manner == Manner::hints || manner == Manner::hangs;
}

}  // namespace

ServerConnection::ServerConnection(World& world, Link& link, Manner manner)
    : world_(world), link_(link), manner_(manner) {
  Dice& dice = world_.server_dice;
  mute_after_drop_ = dice.chance(60);
  const unsigned after = dice.small(manner == Manner::hangs ? 0 : 1, 6);
  if (comes_to_an_end(manner)) ends_after_ = after;
  if (manner == Manner::hangs) mute_ = ends_after_ == 0;
  if (manner == Manner::speaks_unasked && dice.chance(20))
    link_.in(dice.up_to(milliseconds(300)), EventKind::noise);
}

void ServerConnection::arrive(Bytes segment) {
  if (finished_) {  // a kernel answers what comes after its process has closed with a reset
    if (world_.server_dice.chance(50)) link_.reset();
    return;
  }
  parser_.feed(segment);
  while (const auto request = parser_.next()) take(*request);
  world_.require(parser_.complaint().empty(), "S37: a server was sent what is no request");
  if (manner_ == Manner::refuses_bodies) refuse_half();
  give_leave();
}

// Some say 100 to who expects it, some leave him waiting.
void ServerConnection::give_leave() {
  const auto half = parser_.half();
  if (!half || !half->expects || finished_ || !pending_.empty() || serving_ || mute_) return;
  Dice& dice = world_.server_dice;
  if (dice.chance(30)) link_.send(render_informational(103), {});
  if (dice.chance(70)) link_.send(render_informational(100), {});
}

void ServerConnection::take(const SeenRequest& request) {
  if (beyond_end()) {
    dropped_at_ = std::min(dropped_at_, request.begins);
    if (world_.server_dice.chance(50)) execute(request);
    return;
  }
  execute(request);
  if (drops(request)) {
    dropped_at_ = std::min(dropped_at_, request.begins);
    world_.note(text("  server ", link_.ordinal, " drops call ", request.call));
    return;
  }
  pending_.push_back(request);
  start();
}

void ServerConnection::execute(const SeenRequest& request) {
  Call& call = world_.calls.at(request.call);
  ++call.executions;
  world_.note(text("  server ", link_.ordinal, " executes call ", request.call));
  world_.require(
      call.repeatable || call.executions <= 1,
      text("S14: call ", request.call, ", which may not be repeated, was executed twice"));
  world_.require(!call.said_queued, text("S17: call ", request.call,
                                         " was executed, and its error had said that nothing of it "
                                         "was sent"));
}

bool ServerConnection::drops(const SeenRequest& request) const {
  if (mute_after_drop_ && dropped_at_ != nobody) return true;
  if (manner_ == Manner::ignores_followers) return serving_ || !pending_.empty();
  return manner_ == Manner::swallows_second && request.shares_segment;
}

bool ServerConnection::beyond_end() const {
  return manner_ != Manner::hangs && answered_ + pending_.size() >= ends_after_;
}

void ServerConnection::start() {
  if (serving_ || mute_ || finished_ || pending_.empty()) return;
  serving_ = true;
  Dice& dice = world_.server_dice;
  Duration service = dice.up_to(world_.swarm.server.service_max);
  if (manner_ == Manner::slow_heads && dice.chance(15))
    service += seconds(1) + dice.up_to(seconds(3));
  if (world_.calm) service = milliseconds(1);
  link_.in(service, EventKind::serve);
}

void ServerConnection::serve() {
  serving_ = false;
  if (mute_ || finished_ || pending_.empty()) return;
  if (manner_ == Manner::swaps && pending_.size() > 1 && world_.server_dice.chance(50)) {
    std::swap(pending_[0], pending_[1]);
    link_.record.lied = true;
  }
  const SeenRequest request = pending_.front();
  pending_.pop_front();
  if (request.begins > dropped_at_) link_.record.lied = true;
  answer(request);
  start();
}

AnswerWish ServerConnection::wish_for(const SeenRequest& request) {
  Dice& dice = world_.server_dice;
  const bool last = answered_ == ends_after_;
  AnswerWish wish{.close = request.asks_close, .http10 = manner_ == Manner::http10};
  if (last && (manner_ == Manner::announces_end || manner_ == Manner::hints)) wish.close = true;
  if (manner_ == Manner::truncates && request.method != "HEAD") wish.truncate = dice.chance(25);
  if (manner_ == Manner::hints && !wish.close)
    wish.field = text("Keep-Alive: timeout=2, max=", ends_after_ - answered_, "\r\n");
  return wish;
}

void ServerConnection::answer(const SeenRequest& request) {
  Dice& dice = world_.server_dice;
  ++answered_;
  const unsigned informational = request.expects ? 50 : world_.swarm.server.informational;
  while (dice.chance(informational)) link_.send(render_informational(103), {});
  const AnswerWish wish = wish_for(request);
  const Answer answer = render_answer(dice, world_.swarm.server, request, wish);
  world_.note(text("  server ", link_.ordinal, " answers call ", request.call, " with ",
                   answer.status, answer.closes ? " and closes" : ""));
  const Duration pause = dice.up_to(seconds(2));
  const bool pauses = manner_ == Manner::slow_heads && dice.chance(10);
  link_.send(answer, pauses ? pause : Duration::zero());
  if (manner_ == Manner::repeats_answers && !answer.closes && dice.chance(25)) {
    link_.record.lied = true;
    link_.send(answer, {});
  }
  after(answer);
}

void ServerConnection::after(const Answer& answer) {
  Dice& dice = world_.server_dice;
  if (answer.truncated && dice.chance(40)) {
    finished_ = true;
    return link_.reset();
  }
  if (answer.closes || answer.truncated) return leave();
  if (answered_ == ends_after_ && manner_ == Manner::ends_unannounced) return leave();
  if (answered_ == ends_after_ && manner_ == Manner::hangs) mute_ = true;
  const Duration quiet = dice.up_to(seconds(1));
  if (manner_ == Manner::speaks_unasked && dice.chance(40)) link_.in(quiet, EventKind::noise);
  if (manner_ == Manner::hints && pending_.empty()) link_.in(seconds(2), EventKind::noise);
}

void ServerConnection::leave() {
  finished_ = true;
  pending_.clear();
  link_.finish();
}

// Some servers say no as soon as they have read the head, and do not read the body.
void ServerConnection::refuse_half() {
  const auto half = parser_.half();
  if (!half || half->body_bytes == 0 || finished_ || !pending_.empty() || serving_) return;
  world_.note(text("  server ", link_.ordinal, " refuses call ", half->call));
  const bool hasty = world_.server_dice.chance(25);  // says 200 before it knows what it is about
  if (hasty) link_.record.lied = true;
  link_.send(render_refusal(hasty ? 200 : 413, half->call), {});
  leave();
}

void ServerConnection::noise() {
  if (finished_ || mute_ || !is_idle()) return;
  if (manner_ == Manner::hints) return leave();
  if (manner_ == Manner::speaks_unasked) speak();
}

void ServerConnection::speak() {
  Dice& dice = world_.server_dice;
  world_.note(text("  server ", link_.ordinal, " speaks unasked"));
  switch (dice.below(4)) {
    case 0:
      link_.record.lied = true;
      link_.send(render_refusal(408, nobody), {});
      return leave();
    case 1:
      link_.record.lied = link_.record.garbled = true;
      return link_.send_garbage("X-garbage \x01\x02\x03");
    case 2:
      link_.record.lied = true;
      return link_.send(render_answer(dice, {}, {.call = nobody, .method = "GET"}, {}), {});
    default:
      return link_.send_garbage("\r\n\r\n");
  }
}

void ServerConnection::calm_down() {
  if (finished_) return;
  if (mute_ || dropped_at_ != nobody || link_.record.lied || link_.record.garbled) {
    finished_ = true;
    return link_.reset();
  }
  manner_ = Manner::honest;
  ends_after_ = std::numeric_limits<unsigned>::max();
}

}  // namespace headrace::sim
