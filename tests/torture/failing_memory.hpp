#pragma once

#include <cstddef>

// A program that failing_memory.cpp is linked into can have any allocation of a library fail, and
// knows how much each of them holds.
namespace headrace::test {

enum class Memory { openssl, libuv };

// While it lives the nth allocation of the library, 0 being none, gives nothing, or with `on` each
// from then on.
class FailingAllocation {
 public:
  FailingAllocation(Memory memory, std::size_t nth, bool on = false);
  ~FailingAllocation();
  FailingAllocation(const FailingAllocation&) = delete;
  FailingAllocation& operator=(const FailingAllocation&) = delete;

  // How many there were so far.
  std::size_t asked() const noexcept;
};

// What the library has not given back, but for what OpenSSL keeps for the calling thread, which it
// is told to give back first.
long blocks_held(Memory memory);

// ... of which OpenSSL's are as large as a record of TLS.
long record_buffers_held();

}  // namespace headrace::test
