#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "engine/base/instant.hpp"
#include "engine/http/origin.hpp"
#include "engine/io/address_book.hpp"
#include "engine/io/race.hpp"
#include "engine/io/socket.hpp"
#include "headrace/error.hpp"

namespace headrace::io {

// Finds an origin's addresses and connects to one of them. Time limits are the core's: it closes
// what takes too long. Destroying the dialler gives up. It waits for the resolver first (never for
// an address that is known without), then for the race between the addresses.
class Dialler final : Resolver::Waiter, Race::Events {
 public:
  class Events {
   public:
    virtual void on_socket(SocketPointer socket) = 0;
    // resolve_failed or connect_failed, with libuv's code.
    virtual void on_dial_failed(Error error) = 0;

   protected:
    ~Events() = default;
  };

  Dialler(uv_loop_t* loop, AddressBook& addresses, Events& events,
          std::shared_ptr<const http::Origin> origin);
  ~Dialler();
  Dialler(const Dialler&) = delete;
  Dialler& operator=(const Dialler&) = delete;

  // May report before it returns. The dialler may be destroyed in a report.
  void start(Instant now);

 private:
  void on_resolved(int code, const std::vector<Address>& addresses) override;
  void on_won(SocketPointer socket) override;
  void on_lost(Error error) override;
  void on_address_failed(const Address& address) override;
  void on_address_connected(const Address& address) override;
  void race_between(std::vector<Address> addresses);

  uv_loop_t* loop_;
  AddressBook& book_;
  Events& events_;
  std::shared_ptr<const http::Origin> origin_;
  Instant started_ = {};
  std::optional<Race> race_;
  bool resolved_in_vain_ = false;  // addresses came from the resolver, and none has accepted yet
};

}  // namespace headrace::io
