#include <algorithm>
#include <cstdint>
#include <string>

#include "engine/http/url.hpp"
#include "fuzz/require.hpp"

// Any bytes as a URL: what is accepted is harmless in a request line, a Host field, a resolver and
// a log, and reads the same when written again (S37).

using namespace headrace;
using namespace headrace::http;
using headrace::fuzz::require;

namespace {

bool is_visible(char c) { return c > ' ' && c < '\x7f'; }

void check(const Url& url) {
  const std::string& host = url.origin.host;
  require(!host.empty() && url.origin.port != 0, "a host and a port");
  require(std::ranges::all_of(host, is_visible), "a visible host");
  require(host.find_first_of("@/?#%\\[]ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos,
          "a plain host");
  require(url.target.starts_with('/') && !url.target.contains('#'), "a target in origin-form");
  require(std::ranges::all_of(url.target, is_visible), "a visible target");

  const auto again = parse_url(to_string(url.origin) + url.target);
  require(again && again->origin == url.origin && again->target == url.target,
          "the same once more");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto url = parse_url(text);
  if (url) {
    check(*url);
  } else {
    const std::string& detail = url.error().detail;
    require(url.error().code == ErrorCode::invalid_argument, "invalid_argument");
    require(!detail.empty() && detail.size() < 200, "a short reason");
    require(std::ranges::all_of(detail, [](char c) { return c == ' ' || is_visible(c); }),
            "a readable reason");
  }
  return 0;
}
