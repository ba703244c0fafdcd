#pragma once

#include <cstddef>
#include <deque>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/tls/openssl.hpp"

namespace headrace::tls {

using SessionTicket = std::unique_ptr<SSL_SESSION, Freed<SSL_SESSION_free>>;

// What servers gave us to shorten the next handshake, by origin.
//
// A resumed handshake verifies no certificate: the key must hold all that the first one verified,
// and a cache belongs to one Context, so that no session crosses verification settings. Tickets of
// TLS 1.3 are handed out once (RFC 8446 appendix C.4), a session of TLS 1.2 as often as asked for.
class SessionCache {
 public:
  static constexpr std::size_t origins_max = 1024;
  static constexpr std::size_t tickets_per_origin_max = 8;  // as many as an origin has connections

  void put(const std::string& origin, SessionTicket ticket);

  // The newest session of the origin that can be resumed, or null.
  SessionTicket take(const std::string& origin);

  std::size_t origins() const noexcept { return by_origin_.size(); }

 private:
  struct Entry {
    std::string origin;
    std::deque<SessionTicket> tickets;  // the newest last
  };
  using Entries = std::list<Entry>;  // the most recently used first

  Entry& entry_for(const std::string& origin);

  Entries entries_;
  std::unordered_map<std::string, Entries::iterator> by_origin_;
};

}  // namespace headrace::tls
