#include "tests/support/scripted_server.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "tests/support/loopback.hpp"
#include "tests/support/patience.hpp"

namespace headrace::test {
namespace {

Descriptor listen_at(const std::filesystem::path& path) {
  Descriptor listener(checked(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.native().size() >= sizeof address.sun_path) throw std::length_error(path);
  std::ranges::copy(path.native(), address.sun_path);
  checked(::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
          "bind");
  checked(::listen(listener.get(), 512), "listen");
  return listener;
}

std::shared_ptr<Socket> accept_on(const Descriptor& listener) {
  const int number = checked(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC), "accept4");
  return std::make_shared<Socket>(Descriptor(number));
}

}  // namespace

ScriptedServer::ScriptedServer(std::optional<ServerTls> tls)
    : ScriptedServer(listen_on_loopback(), 0, tls) {
  port_ = port_of(listener_);
}

ScriptedServer::ScriptedServer(const std::filesystem::path& path, std::optional<ServerTls> tls)
    : ScriptedServer(listen_at(path), 0, tls) {}

ScriptedServer::ScriptedServer(Descriptor listener, std::uint16_t port,
                               const std::optional<ServerTls>& tls)
    : listener_(std::move(listener)),
      stopped_(checked(::eventfd(0, EFD_CLOEXEC), "eventfd")),
      port_(port) {
  if (tls) tls_ = make_tls_context(*tls);
}

ScriptedServer::~ScriptedServer() {
  try {
    stop();
  } catch (...) {  // NOLINT(bugprone-empty-catch): a test that wants to know calls stop()
  }
}

std::string ScriptedServer::url(std::string_view path) const {
  return url_by_name("127.0.0.1", path);
}

std::string ScriptedServer::url_by_name(std::string_view name, std::string_view path) const {
  return std::string(tls_ ? "https://" : "http://") + std::string(name) + ":" +
         std::to_string(port_) + std::string(path);
}

Peer ScriptedServer::accept() {
  Peer peer = accept_without_handshake();
  if (tls_)
    if (const auto error = peer.shake_hands()) throw std::runtime_error("handshake: " + *error);
  return peer;
}

Peer ScriptedServer::accept_without_handshake() {
  if (!wait_until_ready(listener_.get(), Readiness::read))
    throw TimedOut("no client came to connect");
  ++accept_count_;
  return {accept_on(listener_), tls_.get()};
}

bool ScriptedServer::connection_waits() const {
  return wait_until_ready(listener_.get(), Readiness::read, std::chrono::milliseconds(0));
}

void ScriptedServer::serve(std::function<void(Peer&)> handler) {
  handler_ = std::move(handler);
  acceptor_ = std::thread([this] { accept_until_stopped(); });
}

void ScriptedServer::accept_until_stopped() {
  while (true) {
    std::array<pollfd, 2> watched{pollfd{listener_.get(), POLLIN, 0},
                                  pollfd{stopped_.get(), POLLIN, 0}};
    ::poll(watched.data(), watched.size(), -1);
    if (watched[1].revents != 0) return;
    if (watched[0].revents == 0) continue;
    auto socket = accept_on(listener_);
    ++accept_count_;
    const std::lock_guard lock(mutex_);
    sockets_.push_back(socket);
    handlers_.emplace_back([this, socket] { handle({socket, tls_.get()}); });
  }
}

void ScriptedServer::handle(Peer peer) {
  try {
    if (tls_ && peer.shake_hands()) return;
    handler_(peer);
  } catch (const PeerGone&) {  // NOLINT(bugprone-empty-catch): clients may leave whenever they like
  } catch (...) {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::current_exception();
  }
}

void ScriptedServer::stop() {
  if (!acceptor_.joinable()) return;
  checked(::eventfd_write(stopped_.get(), 1), "eventfd_write");
  acceptor_.join();
  for (const auto& weak : sockets_)
    if (const auto socket = weak.lock()) socket->interrupt();
  for (std::thread& thread : handlers_) thread.join();
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

}  // namespace headrace::test
