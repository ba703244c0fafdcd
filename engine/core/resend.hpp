#pragma once

namespace headrace::core {

// What decides what becomes of a request whose connection is gone before its answer was complete.
struct LossFacts {
  bool touched = false;     // a byte of it may have reached the network
  bool repeatable = false;  // its method is idempotent, or the caller said so
  bool charged = false;     // it headed the pipeline, so that the loss may be its doing
  bool announced = false;   // the peer had said that it would not answer it there
  unsigned charges = 0;     // how often that was so before
  unsigned moves = 0;       // how often it changed connections without being to blame
  unsigned moves_max = 0;
  unsigned attempts_max = 1;
  bool resend_allowed = true;  // the origin's budget has something left (S16)
};

enum class Verdict : unsigned char { again, again_charged, suppressed, fail };

// S13: never written, always again; written, again if it may be repeated, and only the head pays
// for it. What the peer did not announce is also limited for the origin as a whole (S16).
Verdict after_loss(const LossFacts& facts) noexcept;

}  // namespace headrace::core
