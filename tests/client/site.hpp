#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/answers.hpp"
#include "tests/support/scripted_server.hpp"

namespace headrace::test {

// A server that answers each request by a function, from many threads, and notes what it was asked.
class Site {
 public:
  using Answer = std::function<std::string(const ReceivedRequest&)>;

  explicit Site(Answer answer, std::optional<ServerTls> tls = {})
      : answer_(std::move(answer)), server_(std::move(tls)) {
    server_.serve([this](Peer& peer) { serve(peer); });
  }

  std::string url(std::string_view path = "/") const { return server_.url(path); }
  std::string url_by_name(std::string_view path = "/") const {
    return server_.url_by_name("localhost", path);
  }

  std::vector<ReceivedRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  ReceivedRequest last() const {
    const std::lock_guard lock(mutex_);
    return requests_.empty() ? ReceivedRequest{} : requests_.back();
  }
  std::size_t count(std::string_view target) const {
    const std::lock_guard lock(mutex_);
    std::size_t count = 0;
    for (const ReceivedRequest& request : requests_) count += request.target == target ? 1U : 0U;
    return count;
  }

 private:
  void serve(Peer& peer) {
    for (;;) {
      const ReceivedRequest request = peer.read_request();
      {
        const std::lock_guard lock(mutex_);
        requests_.push_back(request);
      }
      peer.send(answer_(request));
    }
  }

  const Answer answer_;
  mutable std::mutex mutex_;
  std::vector<ReceivedRequest> requests_;
  ScriptedServer server_;  // ends first
};

inline std::string redirect(std::string_view location, int status = 302,
                            std::string_view fields = {}) {
  return "HTTP/1.1 " + std::to_string(status) + " Moved\r\nLocation: " + std::string(location) +
         "\r\n" + std::string(fields) + "Content-Length: 0\r\n\r\n";
}

inline std::string unauthorized() {
  return "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer\r\nContent-Length: 0\r\n\r\n";
}

}  // namespace headrace::test
