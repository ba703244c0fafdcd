#pragma once

namespace headrace::core {

// What decides what becomes of a request whose connection is gone before its answer was complete.
struct LossFacts {
  bool touched = false;     // a byte of it may have reached the network
  bool repeatable = false;  // its method is idempotent, or the caller said so
  bool charged = false;     // it headed the pipeline, so that the loss may be its doing
  unsigned charges = 0;     // how often that was so before
  unsigned moves = 0;       // how often it changed connections without being to blame
  unsigned moves_max = 0;
  unsigned attempts_max = 1;
};

enum class Verdict : unsigned char { again, again_charged, fail };

// S13: never written, always again; written, again if it may be repeated, and only the head pays
// for it.
Verdict after_loss(const LossFacts& facts) noexcept;

}  // namespace headrace::core
