#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "engine/http/origin.hpp"
#include "engine/io/address.hpp"
#include "engine/io/lookup.hpp"
#include "engine/io/socket.hpp"
#include "headrace/error.hpp"

namespace headrace::io {

// Finds an origin's addresses and tries one after the other until one accepts. Time limits are the
// core's: it closes what takes too long. Destroying the dialler gives up. It holds a lookup while
// the resolver is asked (never for an IP literal), then a socket while an address is tried.
class Dialler final : Lookup::Events, Socket::ConnectEvents {
 public:
  class Events {
   public:
    virtual void on_socket(SocketPointer socket) = 0;
    // resolve_failed or connect_failed, with libuv's code.
    virtual void on_dial_failed(Error error) = 0;

   protected:
    ~Events() = default;
  };

  Dialler(uv_loop_t* loop, Events& events, std::shared_ptr<const http::Origin> origin);

  // May report before it returns. The dialler may be destroyed in a report.
  void start();

  // The same for addresses that are known already.
  void connect_to(std::vector<Address> addresses);

 private:
  void on_resolved(int code, std::vector<Address> addresses) override;
  void on_connected(int code) override;
  void fail_resolving(int code);
  void try_next();
  void note_failure(int code);

  uv_loop_t* loop_;
  Events& events_;
  std::shared_ptr<const http::Origin> origin_;
  LookupPointer lookup_;
  std::vector<Address> addresses_;
  std::size_t tried_ = 0;  // the address being tried is the one before
  SocketPointer socket_;
  Error last_failure_;
};

}  // namespace headrace::io
