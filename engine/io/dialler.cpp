#include "engine/io/dialler.hpp"

#include <utility>

namespace headrace::io {

Dialler::Dialler(uv_loop_t* loop, Events& events, std::shared_ptr<const http::Origin> origin)
    : loop_(loop), events_(events), origin_(std::move(origin)) {}

void Dialler::start() {
  if (const auto literal = literal_address(origin_->host, origin_->port)) {
    return connect_to({*literal});
  }
  lookup_.reset(new Lookup(*this, origin_->port));
  if (const int code = lookup_->start(loop_, origin_->host); code != 0) fail_resolving(code);
}

void Dialler::on_resolved(int code, std::vector<Address> addresses) {
  lookup_.reset();
  if (code != 0) return fail_resolving(code);
  connect_to(std::move(addresses));
}

void Dialler::connect_to(std::vector<Address> addresses) {
  addresses_ = std::move(addresses);
  try_next();
}

void Dialler::fail_resolving(int code) {
  events_.on_dial_failed(
      {.code = ErrorCode::resolve_failed,
       .phase = Phase::resolve,
       .system_code = code,
       .detail = "cannot resolve the host \"" + origin_->host + "\": " + system_text(code)});
}

void Dialler::try_next() {
  while (tried_ < addresses_.size()) {
    socket_ = Socket::make(loop_);
    const Address& address = addresses_[tried_++];
    const int code = socket_ ? socket_->connect(address, *this) : UV_ENOMEM;
    if (code == 0) return;
    note_failure(code);
  }
  socket_.reset();
  events_.on_dial_failed(std::move(last_failure_));
}

void Dialler::note_failure(int code) {
  last_failure_ = {.code = ErrorCode::connect_failed,
                   .phase = Phase::connect,
                   .system_code = code,
                   .detail = "cannot connect to " + to_string(addresses_[tried_ - 1]) + ": " +
                             system_text(code)};
  if (tried_ > 1)
    last_failure_.detail += ", the last of " + std::to_string(tried_) + " addresses tried";
}

void Dialler::on_connected(int code) {
  if (code != 0) {
    note_failure(code);
    return try_next();
  }
  events_.on_socket(std::move(socket_));
}

}  // namespace headrace::io
