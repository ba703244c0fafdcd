#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/base/instant.hpp"
#include "engine/base/limits.hpp"
#include "engine/io/address.hpp"

namespace headrace::io {

// The addresses that failed lately, so that they are tried after their neighbours: a name whose
// first address is silent costs its head start once a minute and not once a connection.
class FailingAddresses {
 public:
  explicit FailingAddresses(std::size_t most = limits::failing_addresses_max) : most_(most) {}

  void on_failed(Instant now, const Address& address);
  void on_connected(const Address& address);

  // The same addresses: first those that have not failed for limits::failing_address_kept, in the
  // order given; then the others, the one whose failure is oldest first.
  std::vector<Address> put_last(Instant now, std::vector<Address> addresses) const;

  std::size_t size() const noexcept { return failed_.size(); }

 private:
  std::size_t most_;
  std::unordered_map<std::string, Instant> failed_;  // when, by to_string(Address)
};

}  // namespace headrace::io
