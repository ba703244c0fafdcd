#include "engine/http/origin_memo.hpp"

#include <utility>

#include "engine/http/url.hpp"

namespace headrace::http {
namespace {

// The same text up to where the authority ends in both.
bool begins_with(std::string_view url, std::string_view text) noexcept {
  if (text.empty() || !url.starts_with(text)) return false;
  if (url.size() == text.size()) return true;
  const char next = url[text.size()];
  return next == '/' || next == '?' || next == '#';
}

}  // namespace

Result<std::shared_ptr<const Site>> site_of(Result<Origin> origin) {
  if (!origin) return std::unexpected(std::move(origin.error()));
  std::string host = host_field(*origin);
  std::string rest = " HTTP/1.1\r\nHost: " + host + "\r\n";
  rest.append(user_agent_line).append("\r\n");
  return std::make_shared<const Site>(
      Site{.origin = *std::move(origin), .host = std::move(host), .rest = std::move(rest)});
}

Result<std::shared_ptr<const Site>> OriginMemo::take_site(std::string_view& url) {
  for (const Entry& entry : entries_) {
    if (!begins_with(url, entry.text)) continue;
    url.remove_prefix(entry.text.size());
    return entry.site;
  }
  const std::string_view whole = url;
  auto site = site_of(take_origin(url));
  if (!site) return site;
  entries_[oldest_] = {.text = std::string{whole.substr(0, whole.size() - url.size())},
                       .site = *site};
  oldest_ = (oldest_ + 1) % entries_.size();
  return site;
}

}  // namespace headrace::http
