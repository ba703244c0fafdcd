#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "bindings/client/alarm.hpp"
#include "bindings/client/cookie_jar.hpp"
#include "bindings/client/token_gate.hpp"
#include "bindings/client/url.hpp"
#include "headrace/client.hpp"
#include "headrace/detail/fork.hpp"

namespace headrace {

namespace client {

// What one origin is sent: always the same, or what its gate gives.
struct Credentials {
  Origin origin;
  std::string authorization;
  std::shared_ptr<TokenGate> gate;
};

// Options that were checked, read once.
struct Settings {
  ClientOptions options;
  std::optional<Url> base;
  std::vector<Credentials> credentials;
};

// The error is `invalid_argument`.
Result<Settings> read_settings(ClientOptions options);

std::unexpected<Error> refused(std::string detail);

}  // namespace client

// What a client and its calls share. It lives until the last call is complete.
class Client::Core {
 public:
  Core(client::Settings settings, std::shared_ptr<Engine> engine, bool owns_engine);

  const ClientOptions& options() const noexcept { return settings_.options; }
  Engine& engine() const noexcept { return *engine_; }
  client::CookieJar& cookies() noexcept { return cookies_; }
  client::Alarm& alarm() noexcept { return alarm_; }
  bool made_before_fork() const noexcept { return mark_.made_before_fork(); }

  // The URL that a request's url means.
  std::expected<client::Url, std::string_view> url_of(std::string_view url) const;
  const std::optional<client::Url>& base() const noexcept { return settings_.base; }

  // Null where there are none.
  const client::Credentials* credentials_of(const client::Origin& origin) const noexcept;
  // Calls may have to wait for a token, and then they are completed by whoever brings it.
  bool has_gates() const noexcept;

  // False once the client is closed.
  bool add(Call& call);
  void remove(Call& call) noexcept;

  // Ends all calls, and waits for that where it can be waited for.
  void close();

 private:
  void close_calls();
  void wait_for_calls();

  const client::Settings settings_;
  const std::shared_ptr<Engine> engine_;
  const bool owns_engine_;
  const detail::ForkMark mark_;
  client::CookieJar cookies_;
  client::Alarm alarm_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable emptied_;
  std::unordered_set<Call*> calls_;
  bool closed_ = false;
};

}  // namespace headrace
