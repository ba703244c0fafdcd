#include "engine/base/spare_answers.hpp"

#include <new>
#include <utility>

#include "engine/base/limits.hpp"
#include "headrace/detail/left_over.hpp"

namespace headrace {
namespace {

using Answer = Result<Response>;

// Hundreds of answers are made before the first callback frees one, and again: more than an
// allocator keeps at hand of one size. It has no destructor, since what other objects of a thread
// leave over at its end comes here as well.
class SpareAnswers {
 public:
  void* take() noexcept {
    if (first_ == nullptr) return nullptr;
    --count_;
    return std::exchange(first_, first_->next);
  }

  // A thread that makes no answers has no use for those that others made, nor one that ends.
  void note_made() noexcept { ++made_; }
  bool wanted() const noexcept {
    return count_ < made_ && count_ < limits::spare_answers_max && !ended_;
  }

  void keep(void* memory) noexcept {
    first_ = ::new (memory) Spare{first_};
    ++count_;
  }

  void end() noexcept {
    ended_ = true;
    while (void* memory = take()) ::operator delete(memory, sizeof(Answer));
  }

 private:
  struct Spare {
    Spare* next;
  };

  Spare* first_ = nullptr;
  std::size_t count_ = 0;
  std::size_t made_ = 0;
  bool ended_ = false;
};

thread_local SpareAnswers spares;

struct AtThreadsEnd {
  ~AtThreadsEnd() { spares.end(); }
};

}  // namespace

std::unique_ptr<Answer> empty_answer() {
  if (void* memory = spares.take()) return std::unique_ptr<Answer>(::new (memory) Answer);
  thread_local const AtThreadsEnd at_threads_end;
  spares.note_made();
  return std::make_unique<Answer>();
}

void detail::left_over(std::unique_ptr<Answer>& answer) noexcept {
  if (!answer || !spares.wanted()) return;
  Answer* const memory = answer.release();
  std::destroy_at(memory);
  spares.keep(memory);
}

}  // namespace headrace
