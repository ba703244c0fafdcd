#pragma once

#include <condition_variable>
#include <exception>
#include <mutex>
#include <utility>

#include "engine/core/core.hpp"

namespace headrace::api {

// What a caller's thread wants to know of the core. It lives where that thread waits for the
// answer, so that whoever answers, or gives up, needs no memory for it.
class Question {
 public:
  Question(const Question&) = delete;
  Question& operator=(const Question&) = delete;

  // By the loop's thread, one of the two, once: the question may be gone afterwards. What goes
  // wrong in answering is the asker's to know.
  void answer(const core::Core& core) noexcept {
    try {
      look_at(core);
    } catch (...) {
      thrown_ = std::current_exception();
    }
    give_up();
  }
  void give_up() noexcept {
    const std::lock_guard lock(mutex_);
    over_ = true;
    told_.notify_one();
  }

  bool over() const {
    const std::lock_guard lock(mutex_);
    return over_;
  }

 protected:
  Question() = default;
  ~Question() = default;

  void wait() {
    std::unique_lock lock(mutex_);
    told_.wait(lock, [this] { return over_; });
    if (thrown_) std::rethrow_exception(thrown_);
  }

 private:
  virtual void look_at(const core::Core& core) = 0;

  mutable std::mutex mutex_;
  std::condition_variable told_;
  bool over_ = false;
  std::exception_ptr thrown_;
};

// The question for one of Core's reports.
template <class T>
class QuestionFor final : public Question {
 public:
  using Report = T (core::Core::*)() const;
  explicit QuestionFor(Report report) : report_(report) {}

  // Waits for it; empty when the loop ended, or broke down, before it answered.
  T take() {
    wait();
    return std::move(answer_);
  }

 private:
  void look_at(const core::Core& core) override { answer_ = (core.*report_)(); }

  Report report_;
  T answer_ = {};
};

}  // namespace headrace::api
