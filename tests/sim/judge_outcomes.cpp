#include <algorithm>

#include "tests/sim/judge.hpp"

namespace headrace::sim {

namespace {

// A streamed answer as it would have been in one piece.
Response whole(const Response& begun, const Response& rest) {
  Response response = begun;
  response.trailers = rest.trailers;
  response.attempts = rest.attempts;
  response.connection_id = rest.connection_id;
  return response;
}

}  // namespace

void Judge::completed(const core::Completion& completion) {
  Call& call = world_.calls.at(completion.tag);
  const auto& result = completion.result;
  world_.note(result ? text("complete ", call.number, ": ", result->status, " attempts ",
                            result->attempts, result->suspect ? " suspect" : "")
                     : text("complete ", call.number, ": ", to_string(result.error())));
  world_.require(call.life == CallLife::live,
                 text("S1: call ", call.number, " completed twice, or was never accepted"));
  world_.require(completion.exchange == call.id, "S1: a completion names another exchange");
  judge_lateness(call);
  if (result) {
    world_.require(!call.streamed || call.begun, text("S2: call ", call.number, " had no head"));
    judge_response(call, call.begun ? whole(*call.begun, *result) : *result);
  } else {
    judge_error(call, result.error());
  }
  call.life = CallLife::complete;
  call.answered = result.has_value();
  call.outstanding = false;
}

void Judge::judge_lateness(const Call& call) {
  const Duration late = world_.swarm.tick_late_max + world_.swarm.batch_window;
  world_.require(!call.deadline || world_.now <= *call.deadline + late,
                 text("S19: call ", call.number, " completed after its deadline"));
}

// S13, S19: with its head an answer is the caller's; the deadline has been kept.
void Judge::part_came(const core::Part& part) {
  Call& call = world_.calls.at(part.tag);
  world_.note(text("part of ", call.number, part.head ? ": head and " : ": ", part.body.size()));
  world_.require(call.life == CallLife::live && call.streamed && part.exchange == call.id,
                 text("S1: call ", call.number, " gets a part and asked for none"));
  world_.require(call.begun.has_value() == (part.head == nullptr),
                 text("S2: call ", call.number, " has no head, or two"));
  if (part.head) {
    judge_lateness(call);
    call.deadline.reset();
    call.begun = **part.head;
  }
  if (call.begun) call.begun->body += part.body;
}

void Judge::judge_response(const Call& call, const Response& response) {
  const Link* link = links_.find(response.connection_id);
  world_.require(link != nullptr, "S2: a response names a connection that never was");
  if (link == nullptr) return;
  const bool honest = !link->record.lied && !link->record.garbled;
  if (honest) {
    world_.require(answers(response, call.number),
                   text("S2: call ", call.number, " got an answer that is not its own"));
    world_.require(is_whole(response, call.request.method == "HEAD") || response.status == 413,
                   text("S38: call ", call.number, " got only part of its answer"));
    world_.require(call.answer_due, text("S2: call ", call.number, " was answered by nobody"));
  }
  const bool is_for_idling = response.status == 408 && !answers(response, call.number);
  const bool asks_elsewhere = call.repeatable && link->record.answers > 1 &&
                              call.written < world_.swarm.options.attempts_max;
  world_.require(!is_for_idling || !asks_elsewhere,
                 text("S3: call ", call.number, " got what was said to an idle connection"));
  world_.require(!call.request.verify || answers(response, call.number),
                 text("S50: call ", call.number, " got an answer that its check refuses"));
  if (call.begun) world_.hit(Probe::stream_read);
  if (response.suspect) world_.hit(Probe::suspect);
  if (response.headers.contains("Trailer")) world_.hit(Probe::trailers);
  world_.require(
      response.attempts == call.written,
      text("call ", call.number, " was written ", call.written, " times, not ", response.attempts));
  world_.require(!call.cancelled || call.answer_due || !honest,
                 text("S23: call ", call.number, " was answered after it was cancelled"));
}

void Judge::judge_error(Call& call, const Error& error) {
  world_.require(error.attempts == call.written,
                 text("S17: call ", call.number, " was written ", call.written, " times, not ",
                      error.attempts));
  world_.require(!error.origin.empty(), "S17: an error without its origin");
  world_.require(error.code != ErrorCode::internal, "an error says internal");
  judge_progress(call, error);
  judge_reason(call, error);
  probe_error(call, error);
}

// S17: never understated.
void Judge::judge_progress(const Call& call, const Error& error) {
  const bool responding = error.progress == Progress::responding;
  const auto who = [&] { return text("S17: call ", call.number, " says progress "); };
  if (error.progress == Progress::queued) {
    world_.require(!call.touched, text(who(), "queued and some of it was sent"));
    world_.require(call.executions == 0, text(who(), "queued and it was executed"));
    world_.calls.at(call.number).said_queued = true;
  }
  const bool certain = call.head_delivered && !links_.at(call.link).record.lied &&
                       !links_.at(call.link).record.garbled;
  world_.require(!certain || responding,
                 text(who(), name_of(error.progress), " and an answer had begun"));
  world_.require(error.safe_to_repeat == (call.repeatable || error.progress == Progress::queued),
                 text("S17: call ", call.number, " says the wrong thing of safe_to_repeat"));
}

// Some errors need a reason that can be seen from here.
void Judge::judge_reason(const Call& call, const Error& error) {
  const auto who = [&] { return text("call ", call.number, " failed with "); };
  const bool late = call.deadline && world_.now >= *call.deadline;
  world_.require(error.code != ErrorCode::timed_out || late,
                 text("S19: ", who(), "timed_out before its deadline"));
  world_.require(error.code != ErrorCode::cancelled || call.cancelled,
                 text("S25: ", who(), "cancelled and nobody had cancelled it"));
  const bool over = shut_down_at_ && world_.now >= *shut_down_at_ + grace_;
  world_.require(error.code != ErrorCode::closed || over,
                 text("S44: ", who(), "closed before the grace had passed"));
  const bool spent = call.begun || met_a_liar(call) ||
                     call.strikes + call.closed_on >= world_.swarm.options.attempts_max;
  world_.require(
      error.code != ErrorCode::connection_lost || !call.repeatable || spent || call.written > 64,
      text("S13, S15: ", who(), "connection_lost and has attempts left"));
}

void Judge::probe_error(const Call& call, const Error& error) {
  const bool queued = error.progress == Progress::queued;
  const bool by_caller = error.code == ErrorCode::cancelled || error.code == ErrorCode::timed_out;
  if (by_caller && call.streamed && !call.begun && !queued) world_.hit(Probe::stream_given_up);
  switch (error.code) {
    case ErrorCode::desync:
      return world_.hit(Probe::desync);
    case ErrorCode::wrong_answer:
      return world_.hit(Probe::wrong_answer_surfaces);
    case ErrorCode::retry_suppressed:
      return world_.hit(Probe::retry_suppressed);
    case ErrorCode::stalled:
      if (error.phase == Phase::write) return world_.hit(Probe::write_stalled);
      return world_.hit(error.phase == Phase::wait ? Probe::first_byte_stalled
                                                   : Probe::body_stalled);
    case ErrorCode::protocol_error:
      return world_.hit(Probe::protocol_error);
    case ErrorCode::connect_failed:
      return world_.hit(Probe::connect_errors_surface);
    case ErrorCode::connect_timeout:
      return world_.hit(Probe::dial_given_up_by_time);
    case ErrorCode::timed_out:
      return world_.hit(queued ? Probe::timed_out_in_queue : Probe::timed_out_while_sent);
    case ErrorCode::cancelled:
      if (error.progress == Progress::responding) world_.hit(Probe::cancelled_while_answering);
      return world_.hit(queued ? Probe::cancelled_in_queue : Probe::cancelled_while_sent);
    case ErrorCode::connection_lost:
      if (call.begun) world_.hit(Probe::stream_cut);
      if (call.strikes >= world_.swarm.options.attempts_max) world_.hit(Probe::attempts_used_up);
      return;
    default:
      return;
  }
}

}  // namespace headrace::sim
