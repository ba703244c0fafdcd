#include "tests/support/peer.hpp"

#include <utility>

namespace headrace::test {

Peer::Peer(std::shared_ptr<Socket> socket, SSL_CTX* context) : socket_(std::move(socket)) {
  if (context != nullptr) tls_.emplace(context);
}

std::optional<std::string> Peer::shake_hands() { return tls_->shake_hands(*socket_); }

std::string Peer::receive() { return tls_ ? tls_->receive(*socket_) : socket_->receive(); }

void Peer::read_more() {
  const std::string bytes = receive();
  if (bytes.empty()) throw PeerGone("the client closed the connection after: " + buffer_);
  buffer_ += bytes;
}

ReceivedRequest Peer::read_request() {
  while (true) {
    if (auto request = take_request(buffer_)) return std::move(*request);
    read_more();
  }
}

std::string Peer::read_until(std::string_view end) {
  for (;;) {
    const std::size_t at = buffer_.find(end);
    if (at != std::string::npos) {
      std::string out = buffer_.substr(0, at + end.size());
      buffer_.erase(0, out.size());
      return out;
    }
    read_more();
  }
}

std::vector<ReceivedRequest> Peer::read_requests(std::size_t count) {
  std::vector<ReceivedRequest> requests;
  while (requests.size() < count) requests.push_back(read_request());
  return requests;
}

std::vector<ReceivedRequest> Peer::read_together() {
  buffer_ += receive();
  std::vector<ReceivedRequest> requests;
  while (auto request = take_request(buffer_)) requests.push_back(std::move(*request));
  if (!buffer_.empty()) throw std::runtime_error("one read ended inside a request: " + buffer_);
  return requests;
}

bool Peer::silent() const {
  return buffer_.empty() && socket_->silent() && (!tls_ || tls_->silent());
}

void Peer::send(std::string_view bytes) {
  if (tls_) {
    tls_->send(*socket_, bytes);
  } else {
    socket_->send(bytes);
  }
}

void Peer::expect_closed() {
  std::string bytes = buffer_;
  try {
    if (bytes.empty()) bytes = receive();
  } catch (const PeerGone&) {
    return;
  }
  if (!bytes.empty())
    throw std::runtime_error("the client was to close, and sent: " + bytes.substr(0, 200));
}

void Peer::close() {
  if (tls_) tls_->notify_close(*socket_);
  socket_->close();
}

void Peer::cut() { socket_->close(); }

void Peer::reset() { socket_->reset(); }

void Peer::shut_down_write() {
  if (tls_) tls_->notify_close(*socket_);
  socket_->shut_down_write();
}

}  // namespace headrace::test
