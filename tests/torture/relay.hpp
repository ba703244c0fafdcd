#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>

#include "tests/support/descriptor.hpp"

namespace headrace::test {

enum class Direction { request, response };
enum class Ending { reset, end_and_reset };

// Between a client and a server on a loopback port: hands bytes over as they are, and resets the
// first connection to the client behind a byte of one direction, on wish after saying that nothing
// more comes. Further ones pass whole.
class Relay {
 public:
  Relay(std::uint16_t server, Direction direction, std::size_t bytes,
        Ending ending = Ending::reset);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  std::uint16_t port() const { return port_; }

  // Ends it. Whether so many bytes went that way.
  bool stop();

 private:
  struct Link {
    Descriptor client;
    Descriptor server;
    std::size_t left;  // until the reset
  };

  void run();
  void reset(const Link& link);
  bool serve(Link& link, bool from_client, bool from_server);
  bool hand_over(Link& link, Direction direction);

  const std::uint16_t server_;
  const Direction direction_;
  const std::size_t bytes_;
  const Ending ending_;
  Descriptor listener_;
  Descriptor stopped_;  // an eventfd
  std::uint16_t port_ = 0;
  bool was_reset_ = false;
  std::thread thread_;
};

}  // namespace headrace::test
