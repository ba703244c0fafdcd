#include "bindings/client/fields.hpp"

#include <algorithm>
#include <array>

#include "bindings/client/text.hpp"

namespace headrace::client {
namespace {

template <class Names>
bool names_one_of(std::string_view name, const Names& names) noexcept {
  return std::ranges::any_of(names,
                             [&](std::string_view one) { return equal_ignoring_case(name, one); });
}

template <class Drops>
Headers filtered(const Headers& fields, Drops drops) {
  Headers kept;
  for (const Field field : fields)
    if (!drops(field.name)) kept.append(field.name, field.value);
  return kept;
}

}  // namespace

bool is_credential(std::string_view name, std::span<const std::string> sensitive) noexcept {
  constexpr std::array<std::string_view, 3> always{"Authorization", "Cookie",
                                                   "Proxy-Authorization"};
  return names_one_of(name, always) || names_one_of(name, sensitive);
}

Headers for_other_origin(const Headers& fields, std::span<const std::string> sensitive) {
  return filtered(fields, [&](std::string_view name) {
    return is_credential(name, sensitive) || equal_ignoring_case(name, "Host");
  });
}

Headers without_content(const Headers& fields) {
  constexpr std::array<std::string_view, 10> of_content{
      "Content-Encoding", "Content-Language", "Content-Location", "Content-Type",  "Content-Digest",
      "Repr-Digest",      "Digest",           "Last-Modified",    "Content-Range", "Expect"};
  return without(fields, of_content);
}

Headers without(const Headers& fields, std::span<const std::string_view> names) {
  return filtered(fields, [&](std::string_view name) { return names_one_of(name, names); });
}

}  // namespace headrace::client
