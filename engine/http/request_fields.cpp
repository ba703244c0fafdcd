#include "engine/http/request_fields.hpp"

#include <algorithm>
#include <string>

#include "engine/http/grammar.hpp"
#include "engine/http/limits.hpp"
#include "engine/http/quoted.hpp"
#include "engine/http/refusal.hpp"
#include "engine/http/url.hpp"

namespace headrace::http {
namespace {

// Of a wrong name only what stands before the wrong byte is repeated: the rest may be a credential
// that slipped into the name. Values are never repeated.
std::string bad_name(std::string_view name) {
  if (name.empty()) return "a header field has an empty name";
  const auto end = std::ranges::find_if_not(name, is_token_char);
  const std::string_view good{name.begin(), end};
  return "a header field's name has a byte that no name may have, after " + quoted(good, 40);
}

bool is_framing(std::string_view name) {
  return equal_ignoring_case(name, "Content-Length") ||
         equal_ignoring_case(name, "Transfer-Encoding");
}

// "host", "host:port" or "[IPv6]:port": what may stand after "http://" and before a path.
bool is_host_value(std::string_view value) {
  return value.find_first_of("/?#") == std::string_view::npos &&
         parse_url("http://" + std::string{value}).has_value();
}

bool has_element(std::string_view list, std::string_view wanted) {
  bool found = false;
  for_each_element(list, [&](std::string_view element) {
    found = equal_ignoring_case(element, wanted);
    return !found;
  });
  return found;
}

// What could be taken for another line or message (S37).
Result<void> check_line(std::string_view name, std::string_view value) {
  if (!is_token(name)) return refused(bad_name(name));
  if (is_text(value)) return {};
  return refused("the value of the header field " + quoted(name) +
                 " has a control character (CR, LF and NUL are such)");
}

bool is_for_heads_only(std::string_view name) {
  static constexpr std::string_view names[] = {"Authorization",
                                               "Cache-Control",
                                               "Connection",
                                               "Content-Encoding",
                                               "Content-Range",
                                               "Content-Type",
                                               "Cookie",
                                               "Expect",
                                               "Host",
                                               "Max-Forwards",
                                               "Proxy-Authorization",
                                               "Range",
                                               "TE",
                                               "Trailer",
                                               "Upgrade"};
  return is_framing(name) || equal_ignoring_case(name.substr(0, 3), "If-") ||
         std::ranges::any_of(names, [&](auto one) { return equal_ignoring_case(one, name); });
}

}  // namespace

Result<FieldFacts> check_fields(const Headers& headers) {
  FieldFacts facts;
  bool upgrade_field = false;
  bool upgrade_option = false;
  for (const Field field : headers) {
    const std::string_view name = field.name;
    const std::string_view value = trimmed(field.value);
    if (Result<void> line = check_line(name, value); !line)
      return std::unexpected(std::move(line.error()));
    if (is_framing(name))
      return refused("the header field " + quoted(name) +
                     " is the engine's to write: leave it out");
    if (is_host(name)) {
      if (facts.host) return refused("the request has two Host fields: leave one");
      if (!is_host_value(value)) return refused("the Host field is not host or host:port");
      facts.host = value;
    } else if (equal_ignoring_case(name, "Connection")) {
      facts.close = facts.close || has_element(value, "close");
      upgrade_option = upgrade_option || has_element(value, "upgrade");
    } else if (equal_ignoring_case(name, "Upgrade")) {
      upgrade_field = true;
    } else if (equal_ignoring_case(name, "Expect")) {
      facts.alone = true;
      facts.expect = equal_ignoring_case(value, "100-continue");
    } else if (equal_ignoring_case(name, "User-Agent")) {
      facts.user_agent = true;
    } else if (equal_ignoring_case(name, "Proxy-Authorization")) {
      facts.proxy_authorization = true;
    }
  }
  facts.upgrade = upgrade_field && upgrade_option;
  facts.alone = facts.alone || upgrade_field || upgrade_option;
  return facts;
}

Result<std::string> render_trailers(const Headers& trailers) {
  std::string lines;
  for (const Field field : trailers) {
    const std::string_view value = trimmed(field.value);
    if (Result<void> line = check_line(field.name, value); !line)
      return std::unexpected(std::move(line.error()));
    if (is_for_heads_only(field.name))
      return refused("the field " + quoted(field.name) +
                     " has no place in trailers (RFC 9110 §6.5.1): send it with the head");
    lines.append(field.name).append(": ").append(value).append("\r\n");
  }
  if (lines.size() <= limits::request_head_bytes_max) return lines;
  return refused("the request's trailers make " + std::to_string(lines.size()) +
                 " bytes, over the limit of " + std::to_string(limits::request_head_bytes_max));
}

}  // namespace headrace::http
