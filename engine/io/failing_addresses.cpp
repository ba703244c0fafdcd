#include "engine/io/failing_addresses.hpp"

#include <algorithm>
#include <utility>

namespace headrace::io {

void FailingAddresses::on_failed(Instant now, const Address& address) {
  std::string name = to_string(address);
  if (failed_.size() >= most_ && !failed_.contains(name))
    failed_.erase(
        std::ranges::min_element(failed_, {}, [](const auto& known) { return known.second; }));
  failed_.insert_or_assign(std::move(name), now);
}

void FailingAddresses::on_connected(const Address& address) {
  if (!failed_.empty()) failed_.erase(to_string(address));
}

std::vector<Address> FailingAddresses::put_last(Instant now, std::vector<Address> addresses) const {
  if (failed_.empty() || addresses.size() < 2) return addresses;
  std::vector<std::pair<Instant, std::size_t>> order;  // when it failed, where it stands
  for (const Address& address : addresses) {
    const auto found = failed_.find(to_string(address));
    const bool lately =
        found != failed_.end() && now - found->second < limits::failing_address_kept;
    order.emplace_back(lately ? found->second : Instant::min(), order.size());
  }
  std::ranges::sort(order);
  std::vector<Address> sorted;
  sorted.reserve(addresses.size());
  for (const auto& [failed, place] : order) sorted.push_back(addresses[place]);
  return sorted;
}

}  // namespace headrace::io
