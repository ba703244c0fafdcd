#include "bindings/client/redirect.hpp"

#include <algorithm>

#include "bindings/client/text.hpp"

namespace headrace::client {
namespace {

bool is_redirect(int status) noexcept {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// RFC 9110 §15.4, as all clients do it.
bool becomes_get(int status, std::string_view method) noexcept {
  if (status == 303) return method != "GET" && method != "HEAD";
  return (status == 301 || status == 302) && method == "POST";
}

bool is_location(const Field& field) noexcept {
  return equal_ignoring_case(field.name, "Location");
}

}  // namespace

std::expected<std::optional<Redirect>, std::string> redirect_of(const Response& answer,
                                                                const Url& from,
                                                                std::string_view method,
                                                                unsigned followed,
                                                                const RedirectRules& rules) {
  const auto location = answer.headers.get("Location");
  if (!is_redirect(answer.status) || !location) return std::nullopt;
  if (followed >= rules.max)
    return std::unexpected(std::to_string(followed) +
                           " redirects were followed, as many as redirects_max allows");
  if (std::ranges::count_if(answer.headers, is_location) > 1)
    return std::unexpected("the answer has more than one Location");
  auto to = resolve(from, *location);
  if (!to) return std::unexpected("Location: " + std::string(to.error()));
  if (from.origin.tls && !to->origin.tls && !rules.to_http)
    return std::unexpected("it leads from https to http: redirects_to_http allows that");
  if (rules.body_once && !becomes_get(answer.status, method))
    return std::unexpected("the request's body came from its source, which can't be asked again");
  if (to->fragment.empty()) to->fragment = from.fragment;  // RFC 9110 §10.2.2
  return Redirect{.to = *to,
                  .leaves_origin = to->origin != from.origin,
                  .becomes_get = becomes_get(answer.status, method)};
}

}  // namespace headrace::client
