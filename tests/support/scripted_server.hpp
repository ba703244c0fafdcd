#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/support/descriptor.hpp"
#include "tests/support/peer.hpp"
#include "tests/support/server_tls.hpp"

namespace headrace::test {

// A server on a free loopback port that has no idea of HTTP: a test tells it what to do with each
// connection.
//
//     ScriptedServer server;
//     auto answer = engine.get(server.url("/a"));
//     Peer peer = server.accept();
//     CHECK(peer.read_request().target == "/a");
//     peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
//
// serve() is for tests that want many connections answered in the same way instead.
class ScriptedServer {
 public:
  explicit ScriptedServer(std::optional<ServerTls> tls = {});
  // On a Unix socket of that path, which it makes; then there is no port.
  explicit ScriptedServer(const std::filesystem::path& path, std::optional<ServerTls> tls = {});
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::uint16_t port() const { return port_; }
  std::string url(std::string_view path = "/") const;  // by the address 127.0.0.1
  std::string url_by_name(std::string_view name, std::string_view path = "/") const;

  // Waits for a connection and, with TLS, for its handshake, which must succeed.
  Peer accept();

  // The same without the handshake: for the test that makes it fail.
  Peer accept_without_handshake();

  // True when a client waits to be accepted. It does not wait, as Peer::silent().
  bool connection_waits() const;

  // Accepts every connection from now on and runs the handler on it in a thread of its own. A
  // handler that ends closes its connection; the client's going away ends it without complaint.
  void serve(std::function<void(Peer&)> handler);

  // Ends serve(): closes everything and throws what a handler threw first. Called by the destructor
  // too, which keeps quiet.
  void stop();

  std::size_t accept_count() const { return accept_count_; }

 private:
  ScriptedServer(Descriptor listener, std::uint16_t port, const std::optional<ServerTls>& tls);
  void accept_until_stopped();
  void handle(Peer peer);

  Descriptor listener_;
  Descriptor stopped_;  // an eventfd
  std::uint16_t port_ = 0;
  TlsContext tls_;
  std::atomic<std::size_t> accept_count_ = 0;

  std::function<void(Peer&)> handler_;
  std::thread acceptor_;
  std::mutex mutex_;  // guards what follows
  std::vector<std::thread> handlers_;
  std::vector<std::weak_ptr<Socket>> sockets_;
  std::exception_ptr failure_;
};

}  // namespace headrace::test
