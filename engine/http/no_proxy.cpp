#include "engine/http/no_proxy.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "engine/http/ip_address.hpp"
#include "headrace/detail/ascii.hpp"

namespace headrace::http {
namespace {

std::optional<IpAddress> parse_bracketed(std::string_view text) {
  const bool brackets = text.starts_with('[') && text.ends_with(']');
  return parse_ip(brackets ? text.substr(1, text.size() - 2) : text);
}

bool share_prefix(const IpAddress& left, const IpAddress& right, std::size_t bits) {
  const std::size_t whole = bits / 8;
  if (!std::equal(left.bytes.begin(), left.bytes.begin() + static_cast<std::ptrdiff_t>(whole),
                  right.bytes.begin()))
    return false;
  if (bits % 8 == 0) return true;
  const unsigned differing = left.bytes[whole] ^ right.bytes[whole];
  return differing >> (8 - bits % 8) == 0;
}

// "10.0.0.0/8", or without the length: all of it.
bool names_address(std::string_view entry, const IpAddress& host) {
  const std::size_t slash = entry.find('/');
  const auto network = parse_bracketed(entry.substr(0, slash));
  if (!network || network->size != host.size) return false;
  std::size_t bits = 8 * host.size;
  if (slash != std::string_view::npos) {
    const std::string_view length = entry.substr(slash + 1);
    const char* const last = length.data() + length.size();
    const auto [end, status] = std::from_chars(length.data(), last, bits);
    if (status != std::errc{} || end != last || bits > 8 * host.size) return false;
  }
  return share_prefix(*network, host, bits);
}

bool names_host(std::string_view entry, std::string_view host) {
  if (entry.starts_with('.')) entry.remove_prefix(1);
  if (entry.ends_with('.')) entry.remove_suffix(1);
  if (entry.empty() || entry.size() > host.size()) return false;
  const std::string_view end = host.substr(host.size() - entry.size());
  if (!equal_ignoring_case(end, entry)) return false;
  return end.size() == host.size() || host[host.size() - entry.size() - 1] == '.';
}

}  // namespace

bool is_named_by(std::string_view no_proxy, std::string_view host) {
  constexpr std::string_view between = ", \t";
  if (trimmed(no_proxy) == "*") return true;
  if (host.ends_with('.')) host.remove_suffix(1);
  const auto ip = parse_ip(host);
  while (!no_proxy.empty()) {
    const std::string_view entry = no_proxy.substr(0, no_proxy.find_first_of(between));
    if (ip ? names_address(entry, *ip) : names_host(entry, host)) return true;
    no_proxy.remove_prefix(std::min(no_proxy.size(), entry.size() + 1));
  }
  return false;
}

}  // namespace headrace::http
