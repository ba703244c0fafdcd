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

Result<const Site*> OriginMemo::take_site(std::string_view& url,
                                          const std::shared_ptr<const Proxies>& proxies) {
  for (const Entry& entry : entries_) {
    if (entry.proxies != proxies || !begins_with(url, entry.text)) continue;
    url.remove_prefix(entry.text.size());
    return entry.site.get();
  }
  const std::string_view whole = url;
  auto site = site_of(take_origin(url), proxies.get());
  if (!site) return std::unexpected(std::move(site.error()));
  Entry& entry = entries_[oldest_];
  entry = {.text = std::string{whole.substr(0, whole.size() - url.size())},
           .proxies = proxies,
           .site = *std::move(site)};
  oldest_ = (oldest_ + 1) % entries_.size();
  return entry.site.get();
}

}  // namespace headrace::http
