#include "headrace/detail/state.hpp"

#include <exception>
#include <string>

#include "engine/base/spare_memory.hpp"

namespace headrace::detail {

bool SharedState::subscribe(Watch& watch) noexcept {
  if (mark_.made_before_fork()) return false;
  void* expected = nullptr;
  return word_.compare_exchange_strong(expected, &watch, std::memory_order_acq_rel,
                                       std::memory_order_acquire);
}

bool SharedState::withdraw(Watch& watch) noexcept {
  void* expected = &watch;
  return word_.compare_exchange_strong(expected, nullptr, std::memory_order_acq_rel,
                                       std::memory_order_acquire);
}

bool SharedState::wait(const std::optional<Clock::time_point>& deadline) {
  if (ready()) return true;
  if (on_loop_thread()) return false;
  Gate gate;
  GateWatch watch(gate);
  if (!subscribe(watch)) return true;
  if (gate.next(deadline, driver()) != nullptr) return true;
  if (mark_.made_before_fork()) return true;
  if (withdraw(watch)) return false;
  gate.next();  // too late to withdraw: it is being told just now
  return true;
}

Error SharedState::forked_error() const {
  return {.code = ErrorCode::forked,
          .progress = Progress::responding,  // unknown, so the worst
          .detail = "the process was forked before the call finished: it goes on in the parent"};
}

void* SharedState::operator new(std::size_t bytes) { return take_memory(bytes); }
void SharedState::operator delete(void* state, std::size_t bytes) noexcept {
  give_memory(state, bytes);
}

// For callbacks that capture what must lie at a rounder address than others.
void* SharedState::operator new(std::size_t bytes, std::align_val_t alignment) {
  return ::operator new(bytes, alignment);
}
void SharedState::operator delete(void* state, std::size_t bytes,
                                  std::align_val_t alignment) noexcept {
  ::operator delete(state, bytes, alignment);
}

Error no_future_error() {
  return {.code = ErrorCode::invalid_argument,
          .safe_to_repeat = true,
          .detail = "this future is empty: it was moved from, or its result was taken already"};
}

Error would_deadlock_error() {
  return {.code = ErrorCode::invalid_argument,
          .detail =
              "waiting on the loop's thread would never end: in a callback or coroutine use "
              "then() or co_await"};
}

Error no_memory_error() noexcept {
  return {.progress = Progress::responding, .detail = "out of memory"};  // unknown, so the worst
}

namespace {

Error callback_error(const char* what) noexcept {
  Error error{.code = ErrorCode::internal};
  try {
    error.detail = std::string("a callback threw: ") + what;
  } catch (...) {  // out of memory: the code alone must do
  }
  return error;
}

}  // namespace

Error error_of_current_exception() noexcept {
  try {
    throw;
  } catch (const Exception& exception) {
    try {
      return exception.error();
    } catch (...) {
      return {.code = exception.error().code};
    }
  } catch (const std::exception& exception) {
    return callback_error(exception.what());
  } catch (...) {
    return callback_error("something that is not a std::exception");
  }
}

}  // namespace headrace::detail
