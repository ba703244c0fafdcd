#include <span>
#include <utility>

#include "engine/api/runner.hpp"
#include "engine/api/stream_call.hpp"

// What the loop's thread does with calls: from the mail to the core, and from the core to whoever
// waits.

namespace headrace::api {
namespace {

core::AnswerPointer failed(Error error) {
  return std::make_unique<Result<Response>>(std::unexpected(std::move(error)));
}

// Nothing where there is no memory for it, which says so too.
template <class MakeError>
core::AnswerPointer failed_if_possible(MakeError error) noexcept {
  try {
    return failed(error());
  } catch (...) {
    return nullptr;
  }
}

Result<Headers> end_of_stream(const Result<Response>* answer) noexcept {
  try {
    if (answer != nullptr && *answer) return (*answer)->trailers;
    if (answer != nullptr) return std::unexpected(answer->error());
  } catch (...) {  // no memory for a copy either
  }
  return std::unexpected(detail::no_memory_error());
}

}  // namespace

// Cancels come after arrivals, so that one which overtook its own request still finds it. Questions
// come after both, so that they find what their own thread did before, and before any callback.
void Runner::on_wake(core::Core& core, Instant now) {
  inbox_->take(mail_);
  const auto submit_each = [&](Arrival& arrival) { submit(core, now, arrival); };
  mail_.arrivals.take_each(submit_each);
  mail_.own.take_each(submit_each);
  for (const detail::Ref<Call>& call : mail_.cancels)
    if (!call->ready() || call->streamed() != nullptr) core.cancel(now, call->exchange);
  for (const Consumed& taken : mail_.consumed)
    core.on_consumed(now, taken.call->exchange, taken.count);
  for (Piece& piece : mail_.pieces) supply(core, now, piece);
  if (mail_.grace) shut_down(core, now, *mail_.grace);
  for (Question* question : mail_.questions) question->answer(core);
  mail_.clear();
  announce();
}

void Runner::on_parts(core::Core& core, Instant now, std::span<core::Part> parts) {
  for (core::Part& part : parts) {
    Call& call = Call::from_tag(part.tag);
    if (part.head && !call.ready()) {
      call.store(std::move(part.head));
      batch_.add(call);
    }
    const std::size_t taken = call.streamed()->add(std::move(part.body), batch_);
    if (taken > 0) core.on_consumed(now, part.exchange, taken);
  }
  announce();
}

void Runner::on_completions(std::span<core::Completion> completions) {
  for (core::Completion& completion : completions)
    complete(Call::from_tag(completion.tag), completion.result.release());
  announce();
}

// When the core throws it may or may not have kept the tag: the call fails at once, but stays
// listed until the end, which has come (guarded).
void Runner::submit(core::Core& core, Instant now, Arrival& arrival) {
  Call& call = keep(arrival.call);
  try {
    if (arrival.source) sources_.emplace(&call, std::move(arrival.source));
    arrival.submission.tag = call.tag();
    arrival.submission.streamed = call.streamed() != nullptr;
    Result<ExchangeId> accepted = core.submit(now, std::move(arrival.submission));
    if (accepted)
      call.exchange = *accepted;
    else
      complete(call, failed(call.refused(std::move(accepted).error())));
  } catch (const std::exception& exception) {
    call.store(std::unexpected(Error{.code = ErrorCode::internal, .detail = exception.what()}));
    batch_.add(call);
    throw;
  }
}

// Without memory for it the arrival stays whole.
Call& Runner::keep(detail::Ref<Call>& call) {
  outstanding_.push_back(call.get());
  call->place = static_cast<std::uint32_t>(outstanding_.size() - 1);
  return *call.leak();
}

// The last one moves into its place.
void Runner::forget(const Call& call) noexcept {
  Call* const last = outstanding_.back();
  last->place = call.place;
  outstanding_[call.place] = last;
  outstanding_.pop_back();
}

// Asked again the core would begin a new grace, so only a nearer end is passed on.
void Runner::shut_down(core::Core& core, Instant now, Duration grace) {
  if (grace_ends_ && *grace_ends_ <= now + grace) return;
  grace_ends_ = now + grace;
  core.shut_down(now, grace);
}

void Runner::complete(Call& call, core::AnswerPointer answer) noexcept {
  forget(call);
  finished_.store(finished() + 1, std::memory_order_relaxed);
  if (!sources_.empty()) sources_.erase(&call);
  if (StreamCall* stream = call.streamed()) stream->end(end_of_stream(answer.get()), batch_);
  if (!call.ready()) {
    call.store(std::move(answer));
    batch_.add(call);
  }
  call.release();
}

// Mail that came too late for the core, and, after a breakdown only, mail that was not read to its
// end and what the core left undone.
void Runner::complete_rest(Inbox::Mail& unread) noexcept {
  const auto fail = [this](const Arrival& arrival) {
    if (arrival.call.get() == nullptr) return;  // the core's, or outstanding
    arrival.call->store(failed_if_possible([&] {
      return arrival.call->refused(
          {.code = ErrorCode::closed, .detail = "the engine was shut down"});
    }));
    batch_.add(*arrival.call);
  };
  for (Arrivals* left : {&mail_.arrivals, &mail_.own, &unread.arrivals, &unread.own})
    left->take_each(fail);
  while (!outstanding_.empty())
    complete(*outstanding_.back(), failed_if_possible([&] {
      return Error{.code = ErrorCode::internal,
                   .progress = Progress::responding,  // unknown, so the worst
                   .detail = defect_.value_or("the engine ended without this request")};
    }));
  mail_.give_up_questions();
  call_back();
}

}  // namespace headrace::api
