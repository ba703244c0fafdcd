#include "tests/sim/workload.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "engine/http/prepare.hpp"

namespace headrace::sim {
namespace {

bool is_one_of(std::string_view method, std::initializer_list<std::string_view> methods) {
  return std::ranges::find(methods, method) != methods.end();
}

bool may_be_repeated(const Request& request) {
  if (request.repeat == Repeat::forbidden) return false;
  return request.repeat == Repeat::allowed ||
         is_one_of(request.method, {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"});
}

// S6, S8.
bool may_share(const Request& request, bool pipeline_put_delete) {
  if (request.repeat == Repeat::forbidden || request.bulk) return false;
  if (request.headers.contains("Expect")) return false;
  if (request.repeat == Repeat::allowed) return true;
  return is_one_of(request.method, {"GET", "HEAD", "OPTIONS"}) ||
         (pipeline_put_delete && is_one_of(request.method, {"PUT", "DELETE"}));
}

}  // namespace

// Everything is planned beforehand: when, what, and who gives up.
Workload::Workload(World& world, Judge& judge, core::Core& core)
    : world_(world), judge_(judge), core_(core) {
  Dice& dice = world_.workload_dice;
  const WorkloadPlan& plan = world_.swarm.workload;
  Instant at = {};
  while (world_.calls.size() < plan.calls) {
    at += dice.up_to(plan.gap_max);
    for (std::size_t i = dice.between(1, plan.burst_max); i > 0; --i) plan_call(at);
  }
  if (plan.shut_down_at)
    world_.agenda.add(Instant{*plan.shut_down_at}, {.kind = EventKind::shut_down});
}

void Workload::plan_call(Instant at) {
  Dice& dice = world_.workload_dice;
  const WorkloadPlan& plan = world_.swarm.workload;
  Call call;
  call.number = world_.calls.size();
  call.origin = dice.below(world_.swarm.origins.size());
  call.request = draw_request(call.number, call.origin);
  call.repeatable = may_be_repeated(call.request);
  call.streamed = dice.chance(plan.streams);
  call.pipelinable =
      !call.streamed && may_share(call.request, world_.swarm.options.pipeline_put_delete);
  const Duration timeout = std::chrono::milliseconds(1) + dice.up_to(plan.deadline_max);
  if (dice.chance(plan.deadlines)) call.timeout = timeout;
  world_.agenda.add(at, {.kind = EventKind::submit, .number = call.number});
  const Duration patience = dice.up_to(std::chrono::milliseconds(dice.chance(50) ? 50 : 1500));
  if (dice.chance(plan.cancels))
    world_.agenda.add(at + patience, {.kind = EventKind::cancel, .number = call.number});
  world_.calls.push_back(std::move(call));
}

Request Workload::draw_request(std::size_t number, std::size_t origin) {
  Dice& dice = world_.workload_dice;
  const WorkloadPlan& plan = world_.swarm.workload;
  Request request;
  request.method = plan.methods[dice.below(plan.methods.size())];
  request.url = text(world_.swarm.origins[origin].url, "/call/", number);
  if (is_one_of(request.method, {"POST", "PUT", "PATCH"}))
    request.body = std::string(dice.below(plan.body_bytes_max), 'b');
  draw_traits(request);
  if (dice.chance(plan.verify))
    request.verify = [number](const Response& response) { return answers(response, number); };
  return request;
}

void Workload::draw_traits(Request& request) {
  Dice& dice = world_.workload_dice;
  const WorkloadPlan& plan = world_.swarm.workload;
  const bool allowed = dice.chance(plan.allowed);
  const bool forbidden = dice.chance(plan.forbidden);
  if (allowed && request.method == "POST") request.repeat = Repeat::allowed;
  if (forbidden) request.repeat = Repeat::forbidden;
  request.bulk = dice.chance(plan.bulk);
  if (dice.chance(plan.asks_close)) request.headers.append("Connection", "close");
  if (dice.chance(plan.expects) && !request.body.empty())
    request.headers.append("Expect", "100-continue");
}

void Workload::handle(const Event& event) {
  if (event.kind == EventKind::submit) return submit(world_.calls.at(event.number));
  if (event.kind == EventKind::cancel) return cancel(world_.calls.at(event.number));
  if (event.kind == EventKind::shut_down) shut_down();
}

void Workload::submit(Call& call) {
  auto prepared =
      http::prepare(call.request, http::Base{}, world_.swarm.options.pipeline_put_delete);
  world_.require(prepared.has_value(), "a request of the simulator's own is refused");
  if (!prepared) return;
  call.wire_bytes = prepared->bytes();
  world_.note(text("submit ", call.number, ": ", call.request.method,
                   call.pipelinable ? "" : " solo", call.repeatable ? "" : " once",
                   call.request.verify ? " verify" : "", call.streamed ? " streamed" : ""));
  const auto id = core_.submit(world_.now, {.prepared = std::move(*prepared),
                                            .tag = call.number,
                                            .timeout = call.timeout,
                                            .verify = call.request.verify,
                                            .streamed = call.streamed});
  if (!id) {
    world_.note(text("refused ", call.number, ": ", name_of(id.error().code)));
    judge_.refused(call, id.error());
    call.life = CallLife::refused;
    return;
  }
  judge_.taken();
  call.life = CallLife::live;
  call.id = *id;
  call.submitted = world_.now;
  if (call.timeout) call.deadline = world_.now + *call.timeout;
}

void Workload::cancel(Call& call) {
  if (call.life == CallLife::unsubmitted || call.life == CallLife::refused) return;
  world_.note(text("cancel ", call.number));
  judge_.cancelled(call);
  core_.cancel(world_.now, call.id);
  judge_.input();
}

void Workload::shut_down() {
  const Duration grace = world_.swarm.workload.grace;
  world_.note("shut_down");
  world_.is_shut_down = true;
  judge_.shut_down(grace);
  core_.shut_down(world_.now, grace);
  judge_.input();
}

}  // namespace headrace::sim
