#pragma once

#include <uv.h>

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

// What a question is put to: uv_getaddrinfo, or a test that answers by hand.
using AskForAddresses = decltype(&uv_getaddrinfo);

// One question to the system's resolver, asked on one of libuv's threads. Such a question cannot be
// called back once a thread has taken it, so an abandoned lookup lives on until the answer comes,
// and the loop with it.
class Lookup {
 public:
  class Events {
   public:
    // `code` is 0 or libuv's; the addresses are then none. They come in the order in which to try
    // them, without ports. The lookup may be let go of in here.
    virtual void on_resolved(int code, const std::vector<Address>& addresses) = 0;

   protected:
    ~Events() = default;
  };

  explicit Lookup(Events& events) : events_(&events) {}

  // 0, or libuv's code when the question could not be asked; then nothing is reported.
  int start(uv_loop_t* loop, AskForAddresses ask, const std::string& host);

  // True when no thread had begun with it: the answer will be UV_ECANCELED.
  bool call_back() noexcept;

 private:
  friend struct LookupAbandoned;

  void on_answer(int code, addrinfo* answer);

  uv_getaddrinfo_t request_ = {};
  uv_loop_t* loop_ = nullptr;
  Events* events_;        // null once abandoned
  bool pending_ = false;  // libuv holds request_
  bool called_back_ = false;
};

}  // namespace headrace::io
