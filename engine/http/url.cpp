#include "engine/http/url.hpp"

#include <uriparser/Uri.h>

#include <algorithm>
#include <charconv>
#include <new>
#include <optional>

#include "engine/http/grammar.hpp"
#include "engine/http/refusal.hpp"

namespace headrace::http {
namespace {

constexpr std::string_view default_ports[] = {"80", "443"};

std::string hexadecimal(unsigned char byte) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  return {digits[byte >> 4U], digits[byte & 0xfU]};
}

// What must not stand in a URL, but for where. The URL itself is not repeated: its query may hold
// a secret.
std::string bad_byte(std::string_view text) {
  const auto at = std::ranges::find_if_not(text, is_visible);
  const std::string hex = hexadecimal(static_cast<unsigned char>(*at));
  return "byte 0x" + hex + " at offset " + std::to_string(at - text.begin());
}

// uriparser's reading of "http://authority", freed on every way out.
class ParsedAuthority {
 public:
  explicit ParsedAuthority(std::string_view text) {
    const char* error_at = nullptr;
    result_ = uriParseSingleUriExA(&uri_, text.data(), text.data() + text.size(), &error_at);
    if (result_ == URI_ERROR_MALLOC) throw std::bad_alloc{};
  }
  ~ParsedAuthority() {
    if (valid()) uriFreeUriMembersA(&uri_);
  }
  ParsedAuthority(const ParsedAuthority&) = delete;
  ParsedAuthority& operator=(const ParsedAuthority&) = delete;

  bool valid() const noexcept { return result_ == URI_SUCCESS; }
  bool has_path() const noexcept { return uri_.pathHead != nullptr; }
  bool is_ip_future() const noexcept { return uri_.hostData.ipFuture.first != nullptr; }
  bool is_ip6() const noexcept { return uri_.hostData.ip6 != nullptr; }
  std::string_view host() const noexcept { return view(uri_.hostText); }
  std::string_view port() const noexcept { return view(uri_.portText); }

 private:
  static std::string_view view(const UriTextRangeA& range) noexcept {
    return range.first == nullptr ? std::string_view{}
                                  : std::string_view{range.first, range.afterLast};
  }

  UriUriA uri_{};
  int result_ = URI_SUCCESS;
};

// Faults that deserve a better answer than "malformed". Userinfo goes first: no later message may
// repeat it.
std::optional<std::string> known_fault(std::string_view authority) {
  if (authority.contains('@'))
    return "the URL has a user name or password: send them in an Authorization field instead";
  if (std::ranges::any_of(authority, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
    return "the URL's host has a non-ASCII character: write it in its ASCII form (\"xn--...\")";
  if (!is_all_visible(authority)) return "the URL's host or port has " + bad_byte(authority);
  if (authority.empty() || authority.front() == ':') return "the URL has no host";
  if (authority.front() == '.') return "the URL's host begins with a dot";
  if (authority.starts_with('[') && authority.contains('%'))
    return "the URL's IPv6 address has a zone id, which no URL can carry to a server: leave it out";
  if (authority.contains('%'))
    return "the URL's host is percent-encoded: write the host's name itself";
  return std::nullopt;
}

// What getaddrinfo and a Host field can take: letters, digits, hyphens, dots, and the underscores
// of internal names. RFC 3986's reg-name allows more, down to ";" and "(".
bool is_host_name(std::string_view host) {
  constexpr std::size_t name_bytes_max = 254;  // of DNS, with the final dot
  return host.size() <= name_bytes_max && std::ranges::all_of(host, [](char c) {
           return is_alphanumeric(c) || c == '-' || c == '.' || c == '_';
         });
}

std::optional<std::uint16_t> port_number(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (failure != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

Result<Origin> parse_authority(bool tls, std::string_view authority) {
  if (auto fault = known_fault(authority)) return refused(std::move(*fault));
  const std::string text = "http://" + std::string{authority};
  const ParsedAuthority parsed{text};
  if (!parsed.valid() || parsed.has_path() || parsed.host().empty())
    return refused("the URL's host or port is malformed: expected host, host:port or [IPv6]:port");
  if (parsed.is_ip_future()) return refused("the URL's address in brackets is not an IPv6 address");
  if (!parsed.is_ip6() && !is_host_name(parsed.host()))
    return refused("the URL's host is no host name: letters, digits, '-', '.' and '_' make one");
  const auto port = port_number(parsed.port().empty() ? default_ports[tls] : parsed.port());
  if (!port) return refused("the URL's port is not between 1 and 65535");
  Origin origin{.tls = tls, .host = std::string{parsed.host()}, .port = *port};
  std::ranges::transform(origin.host, origin.host.begin(), lower);
  return origin;
}

// Takes "http://" or "https://" off the front, in any case; gives whether it was the latter.
std::optional<bool> take_scheme(std::string_view& text) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!equal_ignoring_case(text.substr(0, scheme.size()), scheme)) continue;
    text.remove_prefix(scheme.size());
    return scheme.size() == std::string_view{"https://"}.size();
  }
  return std::nullopt;
}

}  // namespace

Result<Origin> take_origin(std::string_view& url) {
  const auto tls = take_scheme(url);
  if (!tls) return refused("the URL does not begin with http:// or https://");
  const std::string_view authority = url.substr(0, url.find_first_of("/?#"));
  url.remove_prefix(authority.size());
  return parse_authority(*tls, authority);
}

Result<Url> parse_url(std::string_view text) {
  auto origin = take_origin(text);
  if (!origin) return std::unexpected(std::move(origin.error()));
  auto target = parse_target(text);
  if (!target) return std::unexpected(std::move(target.error()));
  return Url{.origin = std::move(*origin), .target = std::move(*target)};
}

Result<std::string_view> check_target(std::string_view text) {
  if (!is_all_visible(text))
    return refused("the URL's path or query has " + bad_byte(text) + ": percent-encode it");
  text = text.substr(0, text.find('#'));
  if (text.empty() || text.starts_with('/') || text.starts_with('?')) return text;
  return refused("the URL's path does not begin with \"/\"");
}

Result<std::string> parse_target(std::string_view text) {
  const auto target = check_target(text);
  if (!target) return std::unexpected(target.error());
  return std::string(target->starts_with('/') ? "" : "/").append(*target);
}

}  // namespace headrace::http
