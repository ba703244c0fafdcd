#pragma once

#include <uv.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/io/connection.hpp"
#include "engine/tls/context.hpp"

namespace headrace::test {

// One connection on a loop that runs only when the test says so: what the peer does between two
// steps has happened before the connection looks.
class ConnectionHarness final : io::ConnectionEvents {
 public:
  explicit ConnectionHarness(std::optional<TlsOptions> tls = {});
  ~ConnectionHarness();
  ConnectionHarness(const ConnectionHarness&) = delete;
  ConnectionHarness& operator=(const ConnectionHarness&) = delete;

  // Makes a new connection and begins to dial.
  void dial(const std::string& host, std::uint16_t port);
  io::Connection& connection() { return *connection_; }

  // Runs the loop until that holds; throws TimedOut when it takes too long.
  void run_until(const std::function<bool()>& holds);
  void run_until_dialled();
  void run_until_closed();

  // At most so many bytes at a time; before dial().
  void read_by(std::size_t bytes) { surroundings_.received = std::span(buffers_).first(bytes); }

  // Runs what is ready now, without waiting.
  void run_once();

  // Runs until libuv has nothing left to do, then closes the loop. False when that is impossible.
  bool finish();

  // What was reported.
  bool shaking_hands = false;
  std::optional<Result<void>> dialled;
  std::optional<Result<void>> closed;
  std::size_t written = 0;
  std::string received;
  std::size_t full_at = SIZE_MAX;  // reading stops when so much was received
  bool reads_directly = false;     // where it is asked
  std::size_t received_directly = 0;
  int directly_asked = 0;
  int drained = 0;  // how often it was reported

 private:
  void on_connected(ConnectionId) override { shaking_hands = true; }
  void on_dialled(ConnectionId, Result<void> outcome) override { dialled = std::move(outcome); }
  void on_written(ConnectionId, std::size_t count) override { written += count; }
  bool on_received(ConnectionId, Bytes bytes) override {
    received += bytes;
    return received.size() < full_at;
  }
  std::optional<std::size_t> receive(ConnectionId, core::Unread& unread) override {
    if (!reads_directly) return std::nullopt;
    std::vector<char> bytes(10'000);
    const std::size_t count = unread.read(bytes);
    received.append(bytes.data(), count);
    received_directly += count;
    ++directly_asked;
    return count;
  }
  void on_drained(ConnectionId) override { ++drained; }
  void on_closed(ConnectionId, Result<void> how) override { closed = std::move(how); }
  void on_write_failed(ConnectionId) override { write_failed_ = true; }

  uv_loop_t loop_ = {};
  uv_timer_t guard_ = {};
  bool guard_rang_ = false;
  bool loop_closed_ = false;
  bool write_failed_ = false;
  std::vector<char> buffers_;
  std::unique_ptr<tls::Context> tls_;
  std::optional<io::AddressBook> addresses_;
  io::Surroundings surroundings_;
  std::unique_ptr<io::Connection> connection_;
};

}  // namespace headrace::test
