#include "engine/api/destination.hpp"

#include <utility>

#include "engine/api/inbox.hpp"

namespace headrace::api {

Destination::Destination(std::shared_ptr<Inbox> inbox, std::shared_ptr<const http::Site> site)
    : inbox_(std::move(inbox)), site_(std::move(site)) {}
Destination::~Destination() = default;

detail::Ref<Destination> DestinationMemo::find_or_make(const std::shared_ptr<Inbox>& inbox,
                                                       const http::Site& site) {
  for (const detail::Ref<Destination>& known : known_)
    if (known && known->site().get() == &site && known->inbox() == inbox)
      return detail::Ref<Destination>::share(*known);
  auto made = detail::Ref<Destination>::adopt(new Destination(inbox, site.shared_from_this()));
  known_[oldest_] = detail::Ref<Destination>::share(*made);
  oldest_ = (oldest_ + 1) % known_.size();
  return made;
}

}  // namespace headrace::api
