#include "engine/base/spare_answers.hpp"

#include <new>

#include "engine/base/spare_memory.hpp"
#include "headrace/detail/left_over.hpp"

namespace headrace {
namespace {

using Answer = Result<Response>;
static_assert(sizeof(Answer) <= spare_bytes_max && sizeof(Answer) % 8 == 0);

}  // namespace

std::unique_ptr<Answer> empty_answer() {
  return std::unique_ptr<Answer>(::new (take_memory(sizeof(Answer))) Answer);
}

void detail::left_over(std::unique_ptr<Answer>& answer) noexcept {
  if (!answer) return;
  Answer* const memory = answer.release();
  std::destroy_at(memory);
  give_memory(memory, sizeof(Answer));
}

}  // namespace headrace
