#include "engine/api/runner.hpp"

#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <utility>

#include "engine/api/loop_thread.hpp"

namespace headrace::api {
namespace {

constexpr unsigned gathering_looks = 2;  // that may end with answers alone, and nothing written
constexpr unsigned looks_max = gathering_looks + 2;

std::string said_by_current_exception() noexcept try {
  try {
    throw;
  } catch (const std::exception& exception) {
    return exception.what();
  } catch (...) {
    return "an exception of unknown type";
  }
} catch (...) {
  return detail::no_memory_error().detail;
}

std::string text_of_end(const std::optional<std::string>& defect) noexcept try {
  return defect ? "the engine broke down: " + *defect : "the engine was shut down";
} catch (...) {
  return detail::no_memory_error().detail;
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
  Inbox::Mail unread = inbox_->close(text_of_end(defect_));
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
    if (std::exchange(called_back_, false) && !mark_.made_before_fork()) look();
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

// Reads the mail, which nobody may have told the loop of while it was parked, and what callbacks of
// the answers that had come leave there. While more answers are found their callbacks come before
// any writing: what both submit then fills one segment of each connection, where two waves of
// requests would go round for ever. Others' turn comes after so many looks.
void Runner::look() noexcept {
  for (unsigned look = 1;; ++look) {
    bool whole = true;
    called_back_ = false;
    guarded([&] { whole = loop_->look(look <= gathering_looks); });
    if (look == looks_max) return call_back();
    call_back_before_look();
    if ((whole && !called_back_) || mark_.made_before_fork()) return;
  }
}

// Whoever calls it looks before it runs the loop again.
void Runner::run_loop() noexcept {
  guarded([this] { loop_->run(); });
  call_back_before_look();
}

// What callbacks submit takes no wake-up then, and is written in the turn in which the answers
// came.
void Runner::call_back_before_look() noexcept {
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
  if (!pulls_.empty()) guarded([this] { ask_sources(); });
  if (mark_.made_before_fork() && lent_to_ == nullptr) _exit(EXIT_FAILURE);
}

}  // namespace headrace::api
