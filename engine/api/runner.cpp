#include "engine/api/runner.hpp"

#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <utility>

#include "engine/api/loop_thread.hpp"
#include "engine/api/stream_call.hpp"
#include "engine/http/request_fields.hpp"

namespace headrace::api {
namespace {

constexpr const char* no_memory = "out of memory";  // so short that a string of it takes none

std::string said_by_current_exception() noexcept try {
  try {
    throw;
  } catch (const std::exception& exception) {
    return exception.what();
  } catch (...) {
    return "an exception of unknown type";
  }
} catch (...) {
  return no_memory;
}

std::string text_of_end(const std::optional<std::string>& defect) noexcept try {
  return defect ? "the engine broke down: " + *defect : "the engine was shut down";
} catch (...) {
  return no_memory;
}

}  // namespace

Runner::Runner(const Options& options, std::shared_ptr<Inbox> inbox, unsigned number)
    : inbox_(std::move(inbox)), loop_(std::make_unique<io::Loop>(options, *this, number)) {}

Result<void> Runner::open() {
  Result<void> opened = loop_->open();
  if (!opened) return opened;
  inbox_->lease().open(*this);
  inbox_->open(*loop_);
  return opened;
}

bool Runner::on_own_thread() const noexcept { return LoopThread::owner() == this; }

void Runner::run() noexcept {
  const LoopThread mark(this);
  Lease& lease = inbox_->lease();
  do lease.regain();
  while (run_till_lent(lease));
  lease.end();
  const Inbox::Mail unread = inbox_->close(text_of_end(defect_));
  loop_.reset();  // descriptors are gone before the last calls complete
  complete_rest(unread);
}

// False when the loop has come to its end. Once it is lent nothing of it may be looked at any more.
bool Runner::run_till_lent(Lease& lease) noexcept {
  do {
    look();
    if (!lease.asked()) run_loop();
    if (ended()) return false;
  } while (!lease.lend());
  return true;
}

bool Runner::run_for(detail::Gate& gate,
                     const std::optional<detail::Clock::time_point>& deadline) noexcept {
  const LoopThread mark(this);
  const auto left = [&] { return *deadline - detail::Clock::now(); };
  lent_to_ = &gate;
  look();
  while (!enough() && (!deadline || left() > Duration::zero())) {
    if (deadline) loop_->stop_after(left());
    run_loop();
    if (mark_.made_before_fork()) return true;
    if (std::exchange(called_back_, false)) look();
  }
  if (mark_.made_before_fork()) return true;
  if (deadline) loop_->stop_after(std::nullopt);
  lent_to_ = nullptr;
  return ending();
}

// Nothing is left to run: the loop came to its end, or cannot go on.
bool Runner::ended() const noexcept { return defect_ || loop_->over(); }

// From now on it takes the engine's own thread, which closes what is to be closed.
bool Runner::ending() const noexcept { return ended() || grace_ends_; }

// The thread that was lent the loop has no use for it any more.
bool Runner::enough() const noexcept {
  return mark_.made_before_fork() || lent_to_->arrived() || ending();
}

// Reads the mail, which nobody may have told the loop of while it was parked.
void Runner::look() noexcept {
  guarded([this] { loop_->look(); });
  call_back();
}

// Whoever calls it looks before it runs the loop again: what callbacks submit takes no wake-up, and
// is written in the turn in which the answers came.
void Runner::run_loop() noexcept {
  guarded([this] { loop_->run(); });
  Lease& lease = inbox_->lease();
  lease.is_to_look(true);
  call_back();
  lease.is_to_look(false);
}

// What threw may have left the core in the middle of anything: it is never asked for more, or an
// answer might go to the wrong call.
template <class Work>
void Runner::guarded(Work work) noexcept {
  if (defect_) return;
  try {
    work();
  } catch (...) {
    defect_ = said_by_current_exception();
  }
}

Stats Runner::stats() const { return loop_ ? loop_->core().stats() : Stats{}; }
std::string Runner::profiles() const { return loop_ ? loop_->core().profiles() : std::string(); }

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

Future<std::string> next_piece(const BodySource& source) {
  const auto failed_piece = [](Error error) {
    return Future<std::string>(Result<std::string>(std::unexpected(std::move(error))));
  };
  try {
    Future<std::string> piece = source.next();
    if (piece.valid()) return piece;
    return failed_piece(
        {.code = ErrorCode::invalid_argument, .detail = "the body's source gave an empty future"});
  } catch (...) {
    return failed_piece(detail::error_of_current_exception());
  }
}

Result<std::string> trailers_of(const BodySource& source) noexcept {
  if (!source.trailers) return {};
  try {
    return http::render_trailers(source.trailers());
  } catch (...) {
    return std::unexpected(detail::error_of_current_exception());
  }
}

}  // namespace

// Cancels come after arrivals, so that one which overtook its own request still finds it. Questions
// come after both, so that they find what their own thread did before, and before any callback.
void Runner::on_wake(core::Core& core, Instant now) {
  inbox_->take(mail_);
  for (Arrival& arrival : mail_.arrivals) submit(core, now, arrival);
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

// Callbacks take their turn when the loop has stopped.
void Runner::announce() noexcept {
  const bool callbacks = batch_.announce();
  const bool returning = lent_to_ != nullptr ? enough() : inbox_->lease().asked();
  called_back_ = called_back_ || callbacks;
  if (callbacks || returning) loop_->stop();
}

// After a fork in the callback exit handlers would be the parent's.
void Runner::call_back() noexcept {
  batch_.deliver();
  guarded([this] { ask_sources(); });
  if (mark_.made_before_fork() && lent_to_ == nullptr) _exit(EXIT_FAILURE);
}

// Sources are their callers' code, so they are asked where callbacks run.
void Runner::on_pull(const core::Pull& pull) {
  pulls_.push_back(detail::Ref<Call>::share(Call::from_tag(pull.tag)));
  loop_->stop();
}

void Runner::ask_sources() {
  for (const detail::Ref<Call>& call : std::exchange(pulls_, {})) {
    const auto source = sources_.find(call.get());
    if (source == sources_.end()) continue;  // its request is over
    called_back_ = true;
    inbox_->expect_piece();
    Future<std::string> piece = next_piece(*source->second);
    if (mark_.made_before_fork()) return;
    auto supply = [inbox = inbox_, to = detail::Ref<Call>::share(*call)](
                      Result<std::string> bytes) { inbox->supply(*to, std::move(bytes)); };
    piece.then(std::move(supply)).detach();
  }
}

void Runner::supply(core::Core& core, Instant now, Piece& piece) {
  Result<std::string> trailers;
  const auto source = sources_.find(piece.call.get());
  if (source != sources_.end() && piece.bytes && piece.bytes->empty())
    trailers = trailers_of(*source->second);
  if (!trailers) piece.bytes = std::unexpected(std::move(trailers.error()));
  core.on_body(now, piece.call->exchange, std::move(piece.bytes),
               trailers ? std::string_view(*trailers) : std::string_view());
}

// When the core throws it may or may not have kept the tag: the call fails at once, but stays
// listed until the end, which has come (guarded).
void Runner::submit(core::Core& core, Instant now, Arrival& arrival) {
  Call& call = *arrival.call.leak();
  outstanding_.push_back(call);
  try {
    if (arrival.source) sources_.emplace(&call, std::move(arrival.source));
    Result<ExchangeId> accepted = core.submit(now, {.prepared = std::move(arrival.prepared),
                                                    .tag = call.tag(),
                                                    .timeout = arrival.timeout,
                                                    .verify = std::move(arrival.verify),
                                                    .streamed = call.streamed() != nullptr});
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

// Asked again the core would begin a new grace, so only a nearer end is passed on.
void Runner::shut_down(core::Core& core, Instant now, Duration grace) {
  if (grace_ends_ && *grace_ends_ <= now + grace) return;
  grace_ends_ = now + grace;
  core.shut_down(now, grace);
}

void Runner::complete(Call& call, core::AnswerPointer answer) noexcept {
  outstanding_.erase(call);
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
void Runner::complete_rest(const Inbox::Mail& unread) noexcept {
  for (const std::span<const Arrival> arrivals :
       {std::span<const Arrival>(mail_.arrivals), std::span<const Arrival>(unread.arrivals)})
    for (const Arrival& arrival : arrivals) {
      if (arrival.call.get() == nullptr) continue;  // the core's, or outstanding
      arrival.call->store(failed_if_possible([&] {
        return arrival.call->refused(
            {.code = ErrorCode::closed, .detail = "the engine was shut down"});
      }));
      batch_.add(*arrival.call);
    }
  while (Call* call = outstanding_.front())
    complete(*call, failed_if_possible([&] {
      return Error{.code = ErrorCode::internal,
                   .progress = Progress::responding,  // unknown, so the worst
                   .detail = defect_.value_or("the engine ended without this request")};
    }));
  mail_.give_up_questions();
  call_back();
}

}  // namespace headrace::api
