#include "tests/torture/echo_server.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "tests/support/answers.hpp"
#include "tests/support/scripted_server.hpp"

namespace headrace::test {
namespace {

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    checked(::pipe2(ends.data(), O_CLOEXEC), "pipe2");
    out = Descriptor(ends[0]);
    in = Descriptor(ends[1]);
  }
  Descriptor out;
  Descriptor in;
};

}  // namespace

EchoServer::EchoServer(const std::optional<ServerTls>& tls) {
  Pipe port;
  Pipe life;
  child_ = checked(::fork(), "fork");
  if (child_ == 0) {
    life.in.reset();
    serve(tls, port.in.get(), life.out.get());
  }
  alive_ = std::move(life.in);
  port.in.reset();
  if (::read(port.out.get(), &port_, sizeof port_) != sizeof port_)
    throw_system_error("the server's port");
  origin_ = (tls ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port_);
}

EchoServer::~EchoServer() {
  alive_.reset();
  ::waitpid(child_, nullptr, 0);
}

std::string EchoServer::url_by_name(const std::string& target) const {
  return origin_.substr(0, origin_.find("127.")) + "localhost:" + std::to_string(port_) + target;
}

void EchoServer::serve(const std::optional<ServerTls>& tls, int port_to, int until) {
  ScriptedServer server(tls);
  server.serve([](Peer& peer) {
    for (;;) {
      const ReceivedRequest request = peer.read_request();
      if (!request.target.starts_with("/silent")) peer.send(ok(request.target));
    }
  });
  const std::uint16_t port = server.port();
  char nothing = 0;
  const bool told = ::write(port_to, &port, sizeof port) == sizeof port;
  while (told && ::read(until, &nothing, 1) < 0) continue;
  ::_exit(0);  // without what is the parent's to end
}

}  // namespace headrace::test
