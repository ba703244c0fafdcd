#include "engine/api/runner.hpp"

#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <utility>

#include "engine/api/loop_thread.hpp"

namespace headrace::api {

Runner::Runner(const Options& options, std::shared_ptr<Inbox> inbox)
    : inbox_(std::move(inbox)), loop_(std::make_unique<io::Loop>(options, *this)) {}

Result<void> Runner::open() {
  Result<void> opened = loop_->open();
  if (opened) inbox_->open(*loop_);
  return opened;
}

bool Runner::on_own_thread() const noexcept { return LoopThread::owner() == this; }

void Runner::run() noexcept {
  const LoopThread mark(this);
  const std::string defect = run_loop();
  const Inbox::Mail unread = inbox_->close(defect.empty() ? "the engine was shut down"
                                                          : "the engine broke down: " + defect);
  loop_.reset();  // descriptors are gone before the last calls complete
  complete_rest(unread, defect);
}

// Gives what went wrong, if anything did.
std::string Runner::run_loop() noexcept {
  try {
    loop_->run();
    return {};
  } catch (const std::exception& exception) {
    return exception.what();
  } catch (...) {
    return "an exception of unknown type";
  }
}

Stats Runner::stats() const { return loop_ ? loop_->core().stats() : Stats{}; }
std::string Runner::profiles() const { return loop_ ? loop_->core().profiles() : std::string(); }

namespace {

// What goes wrong in answering is the asker's to know.
template <class T, class Ask>
void answer(std::promise<T>& promise, Ask ask) {
  try {
    promise.set_value(ask());
  } catch (...) {
    promise.set_exception(std::current_exception());
  }
}

void answer(Question& question, const core::Core& core) {
  if (auto* stats = std::get_if<std::promise<Stats>>(&question))
    answer(*stats, [&] { return core.stats(); });
  else if (auto* profiles = std::get_if<std::promise<std::string>>(&question))
    answer(*profiles, [&] { return core.profiles(); });
}

}  // namespace

// Cancels come after arrivals, so that one which overtook its own request still finds it. Questions
// come after both, so that they find what their own thread did before, and before any callback.
void Runner::on_wake(core::Core& core, Instant now) {
  Inbox::Mail mail = inbox_->take();
  detail::Batch batch;
  for (Arrival& arrival : mail.arrivals) submit(core, now, std::move(arrival), batch);
  for (const detail::Ref<Call>& call : mail.cancels)
    if (!call->ready()) core.cancel(now, call->exchange);
  if (mail.grace) shut_down(core, now, *mail.grace);
  for (Question& question : mail.questions) answer(question, core);
  call_back(batch);
}

void Runner::on_completions(std::vector<core::Completion> completions) {
  detail::Batch batch;
  for (core::Completion& completion : completions)
    complete(Call::from_tag(completion.tag), std::move(completion.result), batch);
  call_back(batch);
}

// Below this frame stands the parent's loop, so that the child's only thread has nowhere to go.
// Exit handlers would be the parent's as well.
void Runner::call_back(detail::Batch& batch) const {
  batch.deliver();
  if (mark_.made_before_fork()) _exit(EXIT_FAILURE);
}

// When the core throws it may or may not have kept the tag: the call fails at once, but stays
// listed until its completion or the end.
void Runner::submit(core::Core& core, Instant now, Arrival arrival, detail::Batch& batch) {
  Call& call = *arrival.call.leak();
  outstanding_.push_back(call);
  try {
    Result<ExchangeId> accepted = core.submit(now, {.prepared = std::move(arrival.prepared),
                                                    .tag = call.tag(),
                                                    .timeout = arrival.timeout,
                                                    .verify = std::move(arrival.verify)});
    if (accepted)
      call.exchange = *accepted;
    else
      complete(call, std::unexpected(call.refused(std::move(accepted).error())), batch);
  } catch (const std::exception& exception) {
    call.store(std::unexpected(Error{.code = ErrorCode::internal, .detail = exception.what()}));
    batch.add(call);
  }
}

// Asked again the core would begin a new grace, so only a nearer end is passed on.
void Runner::shut_down(core::Core& core, Instant now, Duration grace) {
  if (grace_ends_ && *grace_ends_ <= now + grace) return;
  grace_ends_ = now + grace;
  core.shut_down(now, grace);
}

void Runner::complete(Call& call, Result<Response> result, detail::Batch& batch) {
  outstanding_.erase(call);
  if (!call.ready()) {
    call.store(std::move(result));
    batch.add(call);
  }
  call.release();
}

// Mail that came too late for the core, and, after a breakdown only, what the core left undone.
void Runner::complete_rest(const Inbox::Mail& unread, const std::string& defect) {
  detail::Batch batch;
  for (const Arrival& arrival : unread.arrivals) {
    arrival.call->store(std::unexpected(
        arrival.call->refused({.code = ErrorCode::closed, .detail = "the engine was shut down"})));
    batch.add(*arrival.call);
  }
  while (Call* call = outstanding_.front())
    complete(*call,
             std::unexpected(Error{
                 .code = ErrorCode::internal,
                 .progress = Progress::responding,  // unknown, so the worst
                 .detail = defect.empty() ? "the engine ended without this request" : defect}),
             batch);
  call_back(batch);
}

}  // namespace headrace::api
