#include "engine/tls/session_cache.hpp"

#include <utility>

namespace headrace::tls {

void SessionCache::put(const std::string& origin, SessionTicket ticket) {
  Entry& entry = entry_for(origin);
  entry.tickets.push_back(std::move(ticket));
  if (entry.tickets.size() > tickets_per_origin_max) entry.tickets.pop_front();
}

SessionTicket SessionCache::take(const std::string& origin) {
  const auto found = by_origin_.find(origin);
  if (found == by_origin_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  std::deque<SessionTicket>& tickets = found->second->tickets;
  while (!tickets.empty()) {
    SSL_SESSION* newest = tickets.back().get();
    // OpenSSL marks the session of a connection that broke as not resumable.
    const bool resumable = SSL_SESSION_is_resumable(newest) == 1;
    const bool single_use = SSL_SESSION_get_protocol_version(newest) >= TLS1_3_VERSION;
    if (resumable && !single_use) {
      SSL_SESSION_up_ref(newest);
      return SessionTicket(newest);
    }
    SessionTicket taken = std::move(tickets.back());
    tickets.pop_back();
    if (resumable) return taken;
  }
  return nullptr;
}

SessionCache::Entry& SessionCache::entry_for(const std::string& origin) {
  if (const auto found = by_origin_.find(origin); found != by_origin_.end()) {
    entries_.splice(entries_.begin(), entries_, found->second);
    return entries_.front();
  }
  if (by_origin_.size() >= origins_max) {
    by_origin_.erase(entries_.back().origin);
    entries_.pop_back();
  }
  entries_.push_front({.origin = origin, .tickets = {}});
  by_origin_.emplace(origin, entries_.begin());
  return entries_.front();
}

}  // namespace headrace::tls
