#pragma once

#include <chrono>

namespace headrace::test {

// How long a test waits for something that must happen. It never decides whether a test passes: it
// only turns a hang into a failure that says what was waited for. A sanitizer on a busy machine
// stays well below it.
inline constexpr std::chrono::seconds patience{20};

enum class Readiness { read, write };

// Waits until the descriptor is ready, its peer has closed it, or patience is over (false).
bool wait_until_ready(int descriptor, Readiness readiness,
                      std::chrono::milliseconds limit = patience);

}  // namespace headrace::test
