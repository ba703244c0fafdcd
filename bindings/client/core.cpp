#include "bindings/client/core.hpp"

#include <algorithm>
#include <utility>

#include "bindings/client/call.hpp"

namespace headrace {

Client::Core::Core(client::Settings settings, std::shared_ptr<Engine> engine, bool owns_engine)
    : settings_(std::move(settings)),
      engine_(std::move(engine)),
      owns_engine_(owns_engine),
      cookies_({.count_max = options().cookies_max,
                .per_origin_max = options().cookies_per_origin_max,
                .bytes_max = options().cookie_bytes_max}) {}

std::expected<client::Url, std::string_view> Client::Core::url_of(std::string_view url) const {
  if (!url.starts_with('/')) return client::parse_url(url);
  if (!base())
    return std::unexpected("the URL is a path, and there is no ClientOptions::base_url before it");
  return client::parse_url(to_string(*base()).append(url));
}

const client::Credentials* Client::Core::credentials_of(
    const client::Origin& origin) const noexcept {
  const auto found = std::ranges::find(settings_.credentials, origin, &client::Credentials::origin);
  return found == settings_.credentials.end() ? nullptr : &*found;
}

bool Client::Core::has_gates() const noexcept {
  return std::ranges::any_of(settings_.credentials,
                             [](const auto& one) { return one.gate != nullptr; });
}

bool Client::Core::add(Call& call) {
  const std::lock_guard lock(mutex_);
  if (closed_) return false;
  calls_.insert(&call);
  return true;
}

// Notifies under the lock: who waits destroys this as soon as it gets it.
void Client::Core::remove(Call& call) noexcept {
  const std::lock_guard lock(mutex_);
  calls_.erase(&call);
  if (closed_ && calls_.empty()) emptied_.notify_all();
}

void Client::Core::close() {
  close_calls();
  for (const client::Credentials& one : settings_.credentials)
    if (one.gate) one.gate->close();
  if (owns_engine_) engine_->shut_down({});
  wait_for_calls();
}

void Client::Core::close_calls() {
  std::vector<detail::Ref<Call>> calls;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    for (Call* call : calls_) calls.push_back(detail::Ref<Call>::share(*call));
  }
  for (const auto& call : calls) call->close();
}

// On a loop's thread, or the alarm's, calls may be waiting for this very thread.
void Client::Core::wait_for_calls() {
  if (detail::on_loop_thread() || alarm_.on_its_thread()) return;
  std::unique_lock lock(mutex_);
  emptied_.wait(lock, [this] { return calls_.empty(); });
}

}  // namespace headrace
