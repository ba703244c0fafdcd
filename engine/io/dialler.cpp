#include "engine/io/dialler.hpp"

#include <utility>

namespace headrace::io {

Dialler::Dialler(uv_loop_t* loop, AddressBook& addresses, Events& events,
                 std::shared_ptr<const http::Origin> origin)
    : loop_(loop), book_(addresses), events_(events), origin_(std::move(origin)) {}

// Also when the core's limit ended the race: a name that has moved must not be kept because its old
// address is silent.
Dialler::~Dialler() {
  if (resolved_in_vain_) book_.resolver.forget(origin_->host);
}

void Dialler::start(Instant now) {
  started_ = now;
  if (auto known = book_.known.of(*origin_); !known.empty()) return race_between(std::move(known));
  Resolver::Waiter& waiter = *this;
  book_.resolver.resolve(now, origin_->host, waiter);
}

void Dialler::on_resolved(int code, const std::vector<Address>& addresses) {
  if (code == 0) {
    resolved_in_vain_ = true;
    return race_between(with_port(addresses, origin_->port));
  }
  events_.on_dial_failed(
      {.code = ErrorCode::resolve_failed,
       .phase = Phase::resolve,
       .system_code = code,
       .detail = "cannot resolve the host \"" + origin_->host + "\": " + system_text(code)});
}

void Dialler::race_between(std::vector<Address> addresses) {
  Race::Events& events = *this;
  race_.emplace(loop_, events, book_.failing.put_last(started_, std::move(addresses)));
  race_->start();
}

void Dialler::on_won(SocketPointer socket) {
  resolved_in_vain_ = false;
  events_.on_socket(std::move(socket));
}

void Dialler::on_address_failed(const Address& address) {
  book_.failing.on_failed(started_, address);
}

void Dialler::on_address_connected(const Address& address) { book_.failing.on_connected(address); }

void Dialler::on_lost(Error error) { events_.on_dial_failed(std::move(error)); }

}  // namespace headrace::io
