// What an engine says of itself, and the library of itself.

#include <array>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "bindings/c/engine.hpp"
#include "bindings/c/stats_text.hpp"
#include "headrace/version.hpp"

namespace {

constexpr std::array header{HR_VERSION_MAJOR, HR_VERSION_MINOR, HR_VERSION_PATCH};
static_assert(header ==
              std::array{HEADRACE_VERSION_MAJOR, HEADRACE_VERSION_MINOR, HEADRACE_VERSION_PATCH});
static_assert(std::string_view(HR_VERSION) == HEADRACE_VERSION);

// Null when there is no memory, here or for the text itself.
template <class Text>
char* copy_of(Text text) noexcept {
  try {
    return strdup(text().c_str());
  } catch (...) {
    return nullptr;
  }
}

}  // namespace

char* hr_engine_stats(const hr_engine* engine) {
  return copy_of([engine] {
    return headrace::c::to_json(engine == nullptr ? headrace::Stats{} : engine->engine.stats());
  });
}

char* hr_engine_profiles(const hr_engine* engine) {
  return copy_of(
      [engine] { return engine == nullptr ? std::string() : engine->engine.profiles(); });
}

void hr_text_free(char* text) { std::free(text); }

hr_str hr_str_from(const char* text) {
  return {.data = text, .size = text == nullptr ? 0 : std::strlen(text)};
}

const char* hr_version(void) { return HR_VERSION; }

bool hr_version_check(unsigned major, unsigned minor, unsigned patch) {
  constexpr std::array<unsigned, 3> here{header[0], header[1], header[2]};
  return std::array{major, minor, patch} <= here;
}
