#include "bindings/client/cookie_jar.hpp"

#include <algorithm>
#include <utility>

namespace headrace::client {

void CookieJar::store(const Url& from, std::string_view set_cookie, CalendarTime now) {
  auto parsed = parse_set_cookie(set_cookie, from, now);
  if (!parsed) return;
  const std::lock_guard lock(mutex_);
  Shelf& shelf = shelves_[to_string(from.origin)];
  drop_expired(shelf, now);
  const auto same = std::ranges::find_if(shelf, [&](const Cookie& old) {
    return old.name == parsed->name && old.path == parsed->path;
  });
  std::uint64_t created = ++clock_;
  if (same != shelf.end()) {
    created = same->created;
    drop(shelf, static_cast<std::size_t>(same - shelf.begin()));
  }
  Cookie cookie{*std::move(parsed), created, clock_};
  const bool lives = !cookie.expires || *cookie.expires > now;
  if (lives && cookie.bytes() <= limits_.bytes_max && limits_.count_max > 0 &&
      limits_.per_origin_max > 0) {
    make_room(shelf, cookie);
    ++count_;
    bytes_ += cookie.bytes();
    shelf.push_back(std::move(cookie));
  }
  if (shelf.empty()) shelves_.erase(to_string(from.origin));
}

std::string CookieJar::header(const Url& to, CalendarTime now) {
  const std::lock_guard lock(mutex_);
  const auto found = shelves_.find(to_string(to.origin));
  if (found == shelves_.end()) return {};
  drop_expired(found->second, now);
  std::vector<Cookie*> fitting;
  for (Cookie& cookie : found->second)
    if (path_matches(to.path, cookie.path)) fitting.push_back(&cookie);
  std::ranges::sort(fitting, [](const Cookie* left, const Cookie* right) {  // §5.4: longer paths
    if (left->path.size() != right->path.size()) return left->path.size() > right->path.size();
    return left->created < right->created;
  });
  std::string value;
  ++clock_;
  for (Cookie* cookie : fitting) {
    cookie->used = clock_;
    value.append(value.empty() ? "" : "; ").append(cookie->name).append("=").append(cookie->value);
  }
  if (found->second.empty()) shelves_.erase(found);
  return value;
}

void CookieJar::clear() {
  const std::lock_guard lock(mutex_);
  shelves_.clear();
  count_ = bytes_ = 0;
}

std::size_t CookieJar::size() const {
  const std::lock_guard lock(mutex_);
  return count_;
}

void CookieJar::drop(Shelf& shelf, std::size_t index) {
  --count_;
  bytes_ -= shelf[index].bytes();
  shelf.erase(shelf.begin() + static_cast<std::ptrdiff_t>(index));
}

void CookieJar::drop_expired(Shelf& shelf, CalendarTime now) {
  for (std::size_t i = shelf.size(); i-- > 0;)
    if (shelf[i].expires && *shelf[i].expires <= now) drop(shelf, i);
}

void CookieJar::drop_least_used(Shelf& shelf) {
  const auto least = std::ranges::min_element(shelf, {}, &Cookie::used);
  drop(shelf, static_cast<std::size_t>(least - shelf.begin()));
}

void CookieJar::make_room(Shelf& shelf, const SetCookie& cookie) {
  const std::size_t bytes = cookie.name.size() + cookie.value.size() + cookie.path.size();
  if (shelf.size() >= limits_.per_origin_max) drop_least_used(shelf);
  while (count_ >= limits_.count_max || bytes_ + bytes > limits_.bytes_max)
    drop_least_used_of_all(shelf);
}

// Looked for among all: this is rare, and the limits are small. There is a cookie when it is asked.
void CookieJar::drop_least_used_of_all(const Shelf& kept) {
  const auto least_use = [](const auto& entry) {
    std::uint64_t least = UINT64_MAX;
    for (const Cookie& cookie : entry.second) least = std::min(least, cookie.used);
    return least;
  };
  const auto found = std::ranges::min_element(shelves_, {}, least_use);
  drop_least_used(found->second);
  if (found->second.empty() && &found->second != &kept) shelves_.erase(found);
}

}  // namespace headrace::client
