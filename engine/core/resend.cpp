#include "engine/core/resend.hpp"

namespace headrace::core {

Verdict after_loss(const LossFacts& facts) noexcept {
  if (!facts.touched) return Verdict::again;
  if (!facts.repeatable) return Verdict::fail;
  if (!facts.charged) return facts.moves < facts.moves_max ? Verdict::again : Verdict::fail;
  return facts.charges + 1 < facts.attempts_max ? Verdict::again_charged : Verdict::fail;
}

}  // namespace headrace::core
