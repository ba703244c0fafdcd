#pragma once

#include <uv.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/io/address.hpp"

namespace headrace::io {

class Lookup;

// Whoever lets go of a lookup hears nothing more of it.
struct LookupAbandoned {
  void operator()(Lookup* lookup) const noexcept;
};
using LookupPointer = std::unique_ptr<Lookup, LookupAbandoned>;

// One question to the system's resolver, asked on one of libuv's threads. Such a question cannot be
// called back once a thread has taken it, so an abandoned lookup lives on until the answer comes,
// and the loop with it.
class Lookup {
 public:
  class Events {
   public:
    // `code` is 0 or libuv's; the addresses are then none. The lookup may be let go of in here.
    virtual void on_resolved(int code, std::vector<Address> addresses) = 0;

   protected:
    ~Events() = default;
  };

  Lookup(Events& events, std::uint16_t port) : events_(&events), port_(port) {}

  // 0, or libuv's code when the question could not be asked; then nothing is reported.
  int start(uv_loop_t* loop, const std::string& host);

 private:
  friend struct LookupAbandoned;

  void on_answer(int code, addrinfo* answer);

  uv_getaddrinfo_t request_ = {};
  Events* events_;  // null once abandoned
  std::uint16_t port_;
  bool pending_ = false;  // libuv holds request_
};

}  // namespace headrace::io
