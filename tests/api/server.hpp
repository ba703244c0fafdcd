#pragma once

#include <future>
#include <string>
#include <string_view>
#include <utility>

#include "headrace/future.hpp"
#include "headrace/response.hpp"
#include "tests/support/peer.hpp"
#include "tests/support/scripted_server.hpp"

namespace headrace::test {

inline std::string ok(std::string_view body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

// For ScriptedServer::serve: answers each request with its own target.
inline void echo_targets(Peer& peer) {
  for (;;) peer.send(ok(peer.read_request().target));
}

// Holds a loop's thread inside a callback, so that everything left for it meanwhile arrives
// together.
class HeldLoop {
 public:
  // `answer` makes the server answer the call.
  template <class Answer>
  HeldLoop(Future<Response> call, Answer answer)
      : done_(call.then([this](Result<Response>) {
          reached_.set_value();
          released_.get_future().wait();
        })) {
    answer();
    reached_.get_future().wait();
  }
  ~HeldLoop() { release(); }
  HeldLoop(const HeldLoop&) = delete;
  HeldLoop& operator=(const HeldLoop&) = delete;

  // Gives the thread back, and returns when it has left the callback.
  void release() {
    if (!done_.valid()) return;
    released_.set_value();
    done_.get();
  }

 private:
  std::promise<void> reached_;
  std::promise<void> released_;
  Future<void> done_;  // the callback uses what stands before it
};

}  // namespace headrace::test
