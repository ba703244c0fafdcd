#include "engine/core/resend.hpp"

namespace headrace::core {

Verdict after_loss(const LossFacts& facts) noexcept {
  if (!facts.touched) return Verdict::again;
  if (!facts.repeatable) return Verdict::fail;
  if (!facts.charged && facts.moves >= facts.moves_max) return Verdict::fail;
  if (facts.charged && facts.charges + 1 >= facts.attempts_max) return Verdict::fail;
  if (!facts.announced && !facts.resend_allowed) return Verdict::suppressed;
  return facts.charged ? Verdict::again_charged : Verdict::again;
}

}  // namespace headrace::core
