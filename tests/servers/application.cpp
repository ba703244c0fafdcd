#include "tests/servers/application.hpp"

#include <sstream>

#include "tests/support/answers.hpp"
#include "tests/support/web_server.hpp"

namespace headrace::test {
namespace {

constexpr std::string_view chunked = "/app/chunked/";

std::string in_chunks(std::string_view body) {
  constexpr std::size_t most = 16;
  std::ostringstream out;
  out << "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" << std::hex;
  for (; !body.empty(); body.remove_prefix(std::min(most, body.size()))) {
    const std::string_view piece = body.substr(0, most);
    out << piece.size() << "\r\n" << piece << "\r\n";
  }
  out << "0\r\n\r\n";
  return out.str();
}

}  // namespace

Application::Application() {
  server_.serve([this](Peer& peer) { answer(peer); });
}

void Application::answer(Peer& peer) {
  for (;;) {
    const ReceivedRequest request = peer.read_request();
    if (request.target.starts_with(chunked)) {
      const std::size_t number = std::stoul(request.target.substr(chunked.size()));
      peer.send(in_chunks(WebServer::body_of(number)));
      continue;
    }
    {
      const std::lock_guard lock(mutex_);
      ++posted_[request.body];
    }
    peer.send(ok(request.body));
  }
}

std::size_t Application::times_posted(const std::string& body) const {
  const std::lock_guard lock(mutex_);
  const auto found = posted_.find(body);
  return found == posted_.end() ? 0 : found->second;
}

}  // namespace headrace::test
