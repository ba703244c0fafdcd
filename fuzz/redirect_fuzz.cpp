#include <uriparser/Uri.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bindings/client/redirect.hpp"
#include "engine/http/url.hpp"
#include "fuzz/require.hpp"

// Any Location of any redirect: it leads where a second implementation of RFC 3986 §5.2
// (uriparser's) says; the engine reads the same origin in it; and what decides whether credentials
// may follow is right.
//
// Input: a byte (base, status, rules), then Location.
//
// Allowed differences: uriparser refuses bytes that no URL may have, which we encode or send; it
// writes a dot before a path that begins with "//", and IPv6 addresses in full.

using namespace headrace;
using headrace::fuzz::require;

namespace {

constexpr std::array bases = {"https://cloud.example/api/v1/list?page=1#top",
                              "http://cloud.example:8080", "https://[2001:db8::1]:8443/a/b/c/d",
                              "http://u.example/x/../y/./z//w?q=/../#f"};

class ParsedUri {
 public:
  explicit ParsedUri(const std::string& text) {
    good_ = uriParseSingleUriA(&uri_, text.c_str(), nullptr) == URI_SUCCESS;
  }
  ParsedUri() = default;
  ParsedUri(const ParsedUri&) = delete;
  ParsedUri& operator=(const ParsedUri&) = delete;
  ~ParsedUri() {
    if (good_) uriFreeUriMembersA(&uri_);
  }

  bool good() const { return good_; }
  const UriUriA& get() const { return uri_; }
  bool resolve(const ParsedUri& reference, const ParsedUri& base) {
    good_ = uriAddBaseUriA(&uri_, &reference.uri_, &base.uri_) == URI_SUCCESS;
    return good_;
  }
  std::string text() const {
    int size = 0;
    require(uriToStringCharsRequiredA(&uri_, &size) == URI_SUCCESS, "a size");
    std::string text(static_cast<std::size_t>(size) + 1, '\0');
    require(uriToStringA(text.data(), &uri_, size + 1, nullptr) == URI_SUCCESS, "a text");
    text.resize(static_cast<std::size_t>(size));
    return text;
  }

 private:
  UriUriA uri_{};
  bool good_ = false;
};

// What uriparser makes of it, if it takes it.
std::optional<std::string> resolved_elsewhere(const std::string& base,
                                              const std::string& location) {
  if (location.contains('\0')) return std::nullopt;
  const ParsedUri with(base);
  const ParsedUri reference(location);
  ParsedUri result;
  if (!with.good() || !reference.good() || !result.resolve(reference, with)) return std::nullopt;
  return result.text();
}

bool is_visible(char c) { return c > ' ' && c < '\x7f'; }

void check(const client::Url& from, const client::Redirect& redirect,
           const client::RedirectRules& rules) {
  const client::Url& to = redirect.to;
  require(rules.to_http || !from.origin.tls || to.origin.tls, "no way from https to http");
  require(
      redirect.leaves_origin == (client::to_string(from.origin) != client::to_string(to.origin)),
      "leaves_origin says whether the origin is another");
  const std::string text = client::to_string(to);
  require(std::ranges::all_of(text, is_visible), "visible bytes");
  const auto again = client::parse_url(text);
  require(again && again->origin == to.origin && client::to_string(*again) == text,
          "the same once more");

  const auto seen = http::parse_url(text);
  if (!seen) return;
  require(seen->origin.tls == to.origin.tls && seen->origin.port == to.origin.port,
          "the engine sees the same scheme and port");
  const bool ip6 = to.origin.host.starts_with('[');
  if (!ip6) require(seen->origin.host == to.origin.host, "the engine sees the same host");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 2048) return 0;
  constexpr std::array statuses = {301, 302, 303, 307, 308, 200, 304, 399};
  const std::string base = bases[data[0] % bases.size()];
  const client::RedirectRules rules{.to_http = (data[0] & 4U) != 0,
                                    .body_once = (data[0] & 8U) != 0};
  const std::string location(reinterpret_cast<const char*>(data) + 1, size - 1);
  Response answer{.status = statuses[(data[0] >> 4U) % statuses.size()]};
  answer.headers.append("Location", location);
  const bool post = (data[0] & 0x80U) != 0;
  const auto from = client::parse_url(base);
  require(from.has_value(), "a good base");

  const auto led = client::redirect_of(answer, *from, post ? "POST" : "GET", 0, rules);
  if (!led || !*led) {
    if (!led) require(!led.error().empty() && led.error().size() < 200, "a short reason");
    return 0;
  }
  require(answer.status <= 308 && answer.status != 304 && answer.status >= 301, "a redirect");
  check(*from, **led, rules);
  require((*led)->becomes_get == (post && answer.status <= 303), "303, and POST before it, as GET");

  if (const auto other = resolved_elsewhere(base, location)) {
    const auto expected = client::parse_url(*other);
    require(expected && expected->origin.tls == (*led)->to.origin.tls &&
                expected->origin.port == (*led)->to.origin.port,
            "the same scheme and port as uriparser's");
    const bool ip6 = expected->origin.host.starts_with('[');
    require(ip6 ? (*led)->to.origin.host.starts_with('[')
                : expected->origin.host == (*led)->to.origin.host,
            "the same host as uriparser's");
    if (expected->path.starts_with("/.//")) return 0;
    require(expected->path == (*led)->to.path && expected->query == (*led)->to.query,
            "the same target as uriparser's");
  }
  return 0;
}
