#include "engine/api/destination.hpp"

#include <utility>

#include "engine/api/inbox.hpp"

namespace headrace::api {

Destination::Destination(std::shared_ptr<Inbox> inbox, std::shared_ptr<const http::Origin> origin)
    : inbox_(std::move(inbox)), origin_(std::move(origin)) {}
Destination::~Destination() = default;

detail::Ref<Destination> DestinationMemo::find_or_make(
    const std::shared_ptr<Inbox>& inbox, const std::shared_ptr<const http::Origin>& origin) {
  for (const detail::Ref<Destination>& known : known_)
    if (known && known->origin() == origin && known->inbox() == inbox)
      return detail::Ref<Destination>::share(*known);
  auto made = detail::Ref<Destination>::adopt(new Destination(inbox, origin));
  known_[oldest_] = detail::Ref<Destination>::share(*made);
  oldest_ = (oldest_ + 1) % known_.size();
  return made;
}

}  // namespace headrace::api
