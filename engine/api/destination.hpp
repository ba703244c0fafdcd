#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "engine/http/site.hpp"
#include "headrace/detail/state.hpp"

namespace headrace::api {

class Inbox;

// Where calls go: the inbox of a loop, and the site that it sends them to. Calls share it, since
// each of them is kept small (Call).
class Destination {
 public:
  Destination(std::shared_ptr<Inbox> inbox, std::shared_ptr<const http::Site> site);
  ~Destination();
  Destination(const Destination&) = delete;
  Destination& operator=(const Destination&) = delete;

  const std::shared_ptr<Inbox>& inbox() const noexcept { return inbox_; }
  const std::shared_ptr<const http::Site>& site() const noexcept { return site_; }

  void retain() noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
  void release() noexcept {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }

 private:
  const std::shared_ptr<Inbox> inbox_;
  const std::shared_ptr<const http::Site> site_;  // null only in tests
  std::atomic<std::size_t> references_{1};
};

// Remembers the last few destinations, as many as http::OriginMemo does origins. It belongs to one
// thread, and may hold an inbox longer than its engine does.
class DestinationMemo {
 public:
  detail::Ref<Destination> find_or_make(const std::shared_ptr<Inbox>& inbox,
                                        const http::Site& site);

 private:
  std::array<detail::Ref<Destination>, 8> known_;
  std::size_t oldest_ = 0;
};

}  // namespace headrace::api
