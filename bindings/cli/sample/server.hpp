#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "bindings/cli/sample/http.hpp"

namespace headrace::sample {

/// Called on the server's thread as each request arrives, in the order of arrival.
using Handler = std::function<Answer(const Request&)>;

/// An HTTP/1.1 server on a loopback port of its own, with a thread of its own, that works on every
/// request for the same time and on all of them at once: an answer becomes due `delay` after its
/// request arrived, goes out in the order of requests on its connection, and together with those
/// that are due at the same instant. It is the far end of a long wire, and the ideal against which
/// the demo measures.
class Server {
 public:
  /// Throws std::system_error when there is no port or thread to be had.
  Server(Handler handler, std::chrono::nanoseconds delay);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const noexcept;
  std::string origin() const;  ///< "http://127.0.0.1:40123"

  std::size_t connections() const noexcept;  ///< accepted so far
  std::size_t requests() const noexcept;     ///< answered or being worked on so far

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace headrace::sample
