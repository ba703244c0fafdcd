#pragma once

#include <memory>
#include <string>
#include <variant>

#include "headrace/export.hpp"
#include "headrace/future.hpp"

namespace headrace {

/// RFC 7617. The user's name has no colon.
struct BasicAuth {
  std::string user = {};
  std::string password = {};
};

/// RFC 6750: a token that lasts as long as the client.
struct BearerAuth {
  std::string token = {};
};

/// Where credentials come from that don't last: a login.
///
/// The client asks once before the first request of the origin, and once more whenever the origin
/// answers 401 to what it got last. However many requests are refused at a time, it asks once; they
/// wait for that, each within its own deadline, and are sent again once.
class HEADRACE_API AuthProvider {
 public:
  AuthProvider() = default;
  AuthProvider(const AuthProvider&) = delete;
  AuthProvider& operator=(const AuthProvider&) = delete;
  virtual ~AuthProvider() = default;

  /// The value of an Authorization field: "Bearer 1234". Called by one thread at a time, the one
  /// that submits or the loop's, so it must not block: a login is a request whose answer `then`
  /// turns into the value. What is known at once is
  /// `Future<std::string>(Result<std::string>(...))`. When it fails, so do the requests that wait
  /// for it, with its error; the next request asks again. Requests of the provider's own go through
  /// an Engine, or a Client without this provider.
  virtual Future<std::string> refresh() = 0;
};

/// The credentials of one origin. They go nowhere else.
struct OriginAuth {
  /// "https://cloud.example"; empty: that of `ClientOptions::base_url`.
  std::string origin = {};
  std::variant<BasicAuth, BearerAuth, std::shared_ptr<AuthProvider>> credentials = {};
};

}  // namespace headrace
