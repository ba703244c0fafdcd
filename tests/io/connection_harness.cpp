#include "tests/io/connection_harness.hpp"

#include <chrono>
#include <stdexcept>

#include "tests/support/catch.hpp"
#include "tests/support/patience.hpp"
#include "tests/support/socket.hpp"

namespace headrace::test {

ConnectionHarness::ConnectionHarness(std::optional<TlsOptions> tls) : buffers_(2 * 65536) {
  REQUIRE(uv_loop_init(&loop_) == 0);
  uv_timer_init(&loop_, &guard_);
  guard_.data = this;
  surroundings_.loop = &loop_;
  surroundings_.addresses = &addresses_.emplace(io::Resolver(&loop_));
  surroundings_.events = this;
  surroundings_.received = std::span(buffers_).first(65536);
  surroundings_.decrypted = std::span(buffers_).last(65536);
  if (tls) {
    auto made = tls::Context::create(*tls);
    REQUIRE(made);
    tls_ = std::move(*made);
  }
}

ConnectionHarness::~ConnectionHarness() { finish(); }

void ConnectionHarness::dial(const std::string& host, std::uint16_t port) {
  shaking_hands = false;
  dialled.reset();
  closed.reset();
  const http::Origin origin{.tls = tls_ != nullptr, .host = host, .port = port};
  connection_ = std::make_unique<io::Connection>(
      surroundings_, ConnectionId{0, 1}, std::make_shared<const http::Origin>(origin),
      io::TlsChoice{.context = tls_.get(), .server_name = host});
  connection_->dial(Instant(std::chrono::nanoseconds(uv_hrtime())));
}

void ConnectionHarness::run_until(const std::function<bool()>& holds) {
  guard_rang_ = false;
  const auto rang = [](uv_timer_t* guard) {
    static_cast<ConnectionHarness*>(guard->data)->guard_rang_ = true;
  };
  const auto limit = std::chrono::milliseconds(patience).count();
  uv_update_time(&loop_);
  uv_timer_start(&guard_, rang, static_cast<std::uint64_t>(limit), 0);
  while (!holds()) {
    if (guard_rang_) throw TimedOut("the connection did not come so far");
    uv_run(&loop_, write_failed_ ? UV_RUN_NOWAIT : UV_RUN_ONCE);
    if (write_failed_ && connection_->give_up_if_silent()) write_failed_ = false;
  }
  uv_timer_stop(&guard_);
}

void ConnectionHarness::run_until_dialled() {
  run_until([&] { return dialled.has_value(); });
}

void ConnectionHarness::run_until_closed() {
  run_until([&] { return closed.has_value(); });
}

void ConnectionHarness::run_once() { uv_run(&loop_, UV_RUN_NOWAIT); }

bool ConnectionHarness::finish() {
  if (std::exchange(loop_closed_, true)) return true;
  if (connection_ && !connection_->ended()) connection_->close();
  connection_.reset();
  addresses_.reset();
  uv_close(reinterpret_cast<uv_handle_t*>(&guard_), nullptr);
  uv_run(&loop_, UV_RUN_DEFAULT);
  return uv_loop_close(&loop_) == 0;
}

}  // namespace headrace::test
