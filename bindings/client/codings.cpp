#include "bindings/client/codings.hpp"

#include <algorithm>
#include <array>

#include "bindings/client/text.hpp"
#include "headrace/client/decoder.hpp"

namespace headrace {

std::string_view accept_encoding() noexcept {
  return "gzip, deflate"
#if defined(HEADRACE_HAS_BROTLI)
         ", br"
#endif
#if defined(HEADRACE_HAS_ZSTD)
         ", zstd"
#endif
      ;
}

namespace client {
namespace {

// Nobody has a use for more than two; each costs memory and time (urllib3 and undici allow five).
constexpr std::size_t codings_max = 5;

struct Known {
  std::string_view name;
  std::unique_ptr<Coding> (*make)();
};

constexpr std::array known_codings = {
    Known{"gzip", make_gzip}, Known{"x-gzip", make_gzip}, Known{"deflate", make_deflate},
#if defined(HEADRACE_HAS_BROTLI)
    Known{"br", make_brotli},
#endif
#if defined(HEADRACE_HAS_ZSTD)
    Known{"zstd", make_zstd},
#endif
};

}  // namespace

std::expected<std::vector<NamedCoding>, std::string> codings_of(std::string_view content_encoding) {
  std::vector<const Known*> named;
  while (!content_encoding.empty()) {
    const std::string_view name = take_until(content_encoding, ',');
    if (name.empty() || equal_ignoring_case(name, "identity")) continue;
    const auto* known = std::ranges::find_if(
        known_codings, [&](const Known& one) { return equal_ignoring_case(one.name, name); });
    if (known == known_codings.end()) return std::vector<NamedCoding>{};
    if (named.size() == codings_max)
      return std::unexpected("the body has more than " + std::to_string(codings_max) +
                             " content codings");
    named.push_back(known);
  }
  std::vector<NamedCoding> codings;
  for (const Known* known : named) codings.insert(codings.begin(), {known->name, known->make()});
  return codings;
}

}  // namespace client
}  // namespace headrace
