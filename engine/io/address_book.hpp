#pragma once

#include "engine/io/failing_addresses.hpp"
#include "engine/io/known_addresses.hpp"
#include "engine/io/resolver.hpp"

namespace headrace::io {

// What the diallers of one loop know of addresses.
struct AddressBook {
  Resolver resolver;
  KnownAddresses known = {};
  FailingAddresses failing = FailingAddresses();
};

}  // namespace headrace::io
