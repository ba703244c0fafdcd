#include "engine/io/dialler.hpp"

#include <utility>

namespace headrace::io {

Dialler::Dialler(const DialSurroundings& around, Events& events,
                 std::shared_ptr<const http::Origin> origin)
    : around_(around), events_(events), origin_(std::move(origin)) {}

// Also when the core's limit ended the race: a name that has moved must not be kept because its old
// address is silent.
Dialler::~Dialler() {
  if (resolved_in_vain_) around_.addresses->resolver.forget(server_->host);
}

void Dialler::start(Instant now) {
  started_ = now;
  if (around_.proxies != nullptr) proxy_ = around_.proxies->find(*origin_);
  destination_ = origin_->host;
  const bool resolves_origin =
      proxy_ != nullptr && proxy_->protocol == http::ProxyServer::Protocol::socks5;
  if (!resolves_origin) return find_server();
  const auto known = around_.addresses->known.of(*origin_);
  if (known.empty()) return resolve(origin_->host);
  destination_ = host_text(known.front());
  find_server();
}

void Dialler::find_server() {
  server_ = proxy_ == nullptr ? origin_.get() : &proxy_->at;
  const KnownAddresses& known = around_.addresses->known;
  auto addresses = proxy_ == nullptr ? known.of(*server_) : known.of(server_->host, server_->port);
  if (!addresses.empty()) return race_between(std::move(addresses));
  resolve(server_->host);
}

void Dialler::resolve(const std::string& host) {
  Resolver::Waiter& waiter = *this;
  around_.addresses->resolver.resolve(started_, host, waiter);
}

void Dialler::on_resolved(int code, const std::vector<Address>& addresses) {
  const bool is_of_origin = server_ == nullptr;
  if (code != 0)
    return events_.on_dial_failed({.code = ErrorCode::resolve_failed,
                                   .phase = Phase::resolve,
                                   .system_code = code,
                                   .detail = "cannot resolve the host \"" +
                                             (is_of_origin ? origin_.get() : server_)->host +
                                             "\": " + system_text(code)});
  if (is_of_origin) {
    destination_ = host_text(addresses.front());
    return find_server();
  }
  resolved_in_vain_ = true;
  race_between(with_port(addresses, server_->port));
}

void Dialler::race_between(std::vector<Address> addresses) {
  Race::Events& events = *this;
  race_.emplace(around_.loop, events,
                around_.addresses->failing.put_last(started_, std::move(addresses)));
  race_->start();
}

void Dialler::on_won(SocketPointer socket) {
  resolved_in_vain_ = false;
  StreamPointer stream(socket.release());
  if (proxy_ == nullptr) return events_.on_stream(std::move(stream), {});
  if (!proxy_->at.tls) return ask(std::move(stream));
  Result<TlsChoice> tls = around_.tls->choose(*proxy_);
  if (!tls) return fail(std::move(tls.error()));
  auto session = tls->context->connect(
      {.origin = http::to_string(*proxy_), .host = std::move(tls->server_name)});
  if (!session) return fail(std::move(session.error()));
  veil_ =
      TlsStream::make(std::move(stream), std::move(*session), around_.received, around_.unveiled);
  TlsStream::HandshakeEvents& events = *this;
  veil_->shake_hands(events);
}

void Dialler::on_shaken_hands() { ask(StreamPointer(veil_.release())); }

void Dialler::ask(StreamPointer stream) {
  auto handshake = http::handshake_with(*proxy_, *origin_, destination_);
  if (!handshake) return events_.on_stream(std::move(stream), {});
  Tunnel::Events& events = *this;
  tunnel_.emplace(std::move(stream), *proxy_, std::move(handshake), events);
  tunnel_->start(around_.received);
}

void Dialler::on_tunnel(StreamPointer stream, Bytes received) {
  events_.on_stream(std::move(stream), received);
}

void Dialler::on_address_failed(const Address& address) {
  around_.addresses->failing.on_failed(started_, address);
}

void Dialler::on_address_connected(const Address& address) {
  around_.addresses->failing.on_connected(address);
}

void Dialler::on_lost(Error error) { fail(std::move(error)); }
void Dialler::on_handshake_failed(Error error) { fail(std::move(error)); }
void Dialler::on_no_tunnel(Error error) { events_.on_dial_failed(std::move(error)); }

void Dialler::fail(Error error) {
  if (proxy_ != nullptr) error.detail = "the proxy " + to_string(*proxy_) + ": " + error.detail;
  events_.on_dial_failed(std::move(error));
}

}  // namespace headrace::io
