#include "bindings/client/url.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "bindings/client/text.hpp"

namespace headrace::client {
namespace {

constexpr std::uint16_t default_port(bool tls) noexcept { return tls ? 443 : 80; }

bool is_host_name(std::string_view host) {
  return !host.empty() && std::ranges::all_of(host, [](char c) {
    return is_alphabetic(c) || is_digit(c) || c == '-' || c == '.' || c == '_';
  });
}

// Whether it is one is for the engine to say; that nothing else hides in it is what matters here.
bool is_ip6_literal(std::string_view host) {
  return host.size() > 2 && host.starts_with('[') && host.ends_with(']') &&
         std::ranges::all_of(host.substr(1, host.size() - 2), [](char c) {
           return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f') || c == ':' || c == '.';
         });
}

std::optional<std::uint16_t> port_of(std::string_view text, bool tls) {
  if (text.empty()) return default_port(tls);
  std::uint16_t port = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (failure != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

std::expected<Origin, std::string_view> parse_authority(bool tls, std::string_view authority) {
  if (authority.contains('@')) return std::unexpected("the URL has a user name or password");
  const std::size_t host_end = authority.starts_with('[') ? authority.find(']') : 0;
  if (host_end == std::string_view::npos) return std::unexpected("the URL's host is malformed");
  const std::size_t colon = authority.find(':', host_end);
  const std::string_view host = authority.substr(0, colon);
  const std::string_view port_text =
      colon == std::string_view::npos ? std::string_view{} : authority.substr(colon + 1);
  if (!is_host_name(host) && !is_ip6_literal(host))
    return std::unexpected("the URL's host is malformed");
  const auto port = port_of(port_text, tls);
  if (!port) return std::unexpected("the URL's port is not between 1 and 65535");
  Origin origin{.tls = tls, .host = std::string(host), .port = *port};
  std::ranges::transform(origin.host, origin.host.begin(), lower);
  return origin;
}

// Takes the scheme and its colon off the front, when there is one (RFC 3986 §3.1).
std::optional<std::string_view> take_scheme(std::string_view& text) {
  const std::size_t colon = text.find_first_of(":/?#");
  if (colon == std::string_view::npos || colon == 0 || text[colon] != ':') return std::nullopt;
  const std::string_view scheme = text.substr(0, colon);
  const bool fits = is_alphabetic(scheme.front()) && std::ranges::all_of(scheme, [](char c) {
                      return is_alphabetic(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
                    });
  if (!fits) return std::nullopt;
  text.remove_prefix(colon + 1);
  return scheme;
}

std::expected<bool, std::string_view> is_tls(std::string_view scheme) {
  if (equal_ignoring_case(scheme, "https")) return true;
  if (equal_ignoring_case(scheme, "http")) return false;
  return std::unexpected("the URL's scheme is neither http nor https");
}

// Takes all up to the first of these off the front.
std::string_view take_before(std::string_view& text, std::string_view ends) {
  const std::string_view taken = text.substr(0, text.find_first_of(ends));
  text.remove_prefix(taken.size());
  return taken;
}

// RFC 3986 §5.2.4, for a path that begins with "/".
std::string without_dot_segments(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view segment = take_before(path, "/");
    if (segment == "..") out.resize(out.empty() ? 0 : out.rfind('/'));
    if (segment != "." && segment != "..")
      out.append("/").append(segment);
    else if (path.empty())
      out += '/';
  }
  return out;
}

std::expected<std::string, std::string_view> with_visible_bytes(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) return std::unexpected("the URL has a control character");
    if (byte > 0x20 && byte < 0x7f)
      out += c;
    else
      out.append({'%', digits[byte >> 4U], digits[byte & 0xfU]});
  }
  return out;
}

// The path, query and fragment of a reference that has them all.
Url with_rest(Origin origin, std::string_view rest) {
  Url url{.origin = std::move(origin), .path = {}, .query = {}, .fragment = {}};
  url.path = take_before(rest, "?#");
  url.query = take_before(rest, "#");
  url.fragment = rest;
  if (url.path.empty()) url.path = "/";
  return url;
}

// RFC 3986 §5.2.2, where the reference has neither scheme nor authority.
Url resolve_path(const Url& base, std::string_view reference) {
  Url url = with_rest(base.origin, reference);
  if (reference.starts_with('/')) {
    url.path = without_dot_segments(url.path);
  } else if (reference.empty() || reference.starts_with('?') || reference.starts_with('#')) {
    url.path = base.path;
    if (url.query.empty() && !reference.starts_with('?')) url.query = base.query;
  } else {
    url.path = without_dot_segments(base.path.substr(0, base.path.rfind('/') + 1).append(url.path));
  }
  return url;
}

}  // namespace

std::string to_string(const Origin& origin) {
  std::string text = (origin.tls ? "https://" : "http://") + origin.host;
  if (origin.port != default_port(origin.tls)) text += ":" + std::to_string(origin.port);
  return text;
}

std::string to_string(const Url& url) {
  return to_string(url.origin) + url.path + url.query + url.fragment;
}

std::expected<Url, std::string_view> parse_url(std::string_view text) {
  const auto scheme = take_scheme(text);
  if (!scheme || !text.starts_with("//"))
    return std::unexpected("the URL does not begin with http:// or https://");
  const auto tls = is_tls(*scheme);
  if (!tls) return std::unexpected(tls.error());
  text.remove_prefix(2);
  auto origin = parse_authority(*tls, take_before(text, "/?#"));
  if (!origin) return std::unexpected(origin.error());
  return with_rest(*std::move(origin), text);
}

std::expected<Url, std::string_view> resolve(const Url& base, std::string_view reference) {
  const auto visible = with_visible_bytes(trimmed(reference));
  if (!visible) return std::unexpected(visible.error());
  std::string_view rest = *visible;
  const auto scheme = take_scheme(rest);
  const auto tls =
      scheme ? is_tls(*scheme) : std::expected<bool, std::string_view>(base.origin.tls);
  if (!tls) return std::unexpected(tls.error());
  if (!rest.starts_with("//")) {
    if (scheme) return std::unexpected("the URL has a scheme but no host");
    return resolve_path(base, rest);
  }
  rest.remove_prefix(2);
  auto origin = parse_authority(*tls, take_before(rest, "/?#"));
  if (!origin) return std::unexpected(origin.error());
  Url url = with_rest(*std::move(origin), rest);
  url.path = without_dot_segments(url.path);
  return url;
}

}  // namespace headrace::client
