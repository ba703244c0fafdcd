#include "engine/io/dialler.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/scripted_server.hpp"

namespace headrace::io {
namespace {

using test::ScriptedServer;

// Runs a dialler over these ports of 127.0.0.1 until libuv has nothing left to do.
class Dialling final : Dialler::Events {
 public:
  explicit Dialling(const std::vector<std::uint16_t>& ports) {
    REQUIRE(uv_loop_init(&loop_) == 0);
    std::vector<Address> addresses;
    for (const std::uint16_t port : ports)
      addresses.push_back(literal_address("127.0.0.1", port).value());
    Dialler::Events& events = *this;
    Dialler dialler(&loop_, events, nullptr);
    dialler.connect_to(std::move(addresses));
    uv_run(&loop_, UV_RUN_DEFAULT);
    CHECK(uv_loop_close(&loop_) == 0);
  }

  int connected = 0;
  std::vector<Error> failures;

 private:
  void on_socket(SocketPointer) override { ++connected; }
  void on_dial_failed(Error error) override { failures.push_back(std::move(error)); }

  uv_loop_t loop_ = {};
};

TEST_CASE("addresses are tried in order until one accepts, and no further") {
  const std::uint16_t refusing = ScriptedServer().port();
  const ScriptedServer second;
  const ScriptedServer third;
  const Dialling dialling({refusing, second.port(), third.port()});
  CHECK(dialling.connected == 1);
  CHECK(dialling.failures.empty());
  CHECK(second.connection_waits());
  CHECK_FALSE(third.connection_waits());
}

TEST_CASE("when no address accepts, the last one's error is given, once, and says how many") {
  const std::uint16_t first = ScriptedServer().port();
  const std::uint16_t last = ScriptedServer().port();
  const Dialling dialling({first, last});
  CHECK(dialling.connected == 0);
  REQUIRE(dialling.failures.size() == 1);
  CHECK(dialling.failures[0].code == ErrorCode::connect_failed);
  CHECK(dialling.failures[0].detail ==
        "cannot connect to 127.0.0.1:" + std::to_string(last) +
            ": connection refused (ECONNREFUSED), the last of 2 addresses tried");
}

}  // namespace
}  // namespace headrace::io
