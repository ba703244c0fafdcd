#include "engine/io/race.hpp"

#include <algorithm>
#include <optional>

#include "tests/io/hanging_address.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scripted_server.hpp"

namespace headrace::io {
namespace {

using test::HangingAddress;
using test::ScriptedServer;
using namespace std::chrono_literals;

std::vector<Address> addresses_of(const std::vector<std::uint16_t>& ports) {
  std::vector<Address> addresses;
  for (const std::uint16_t port : ports)
    addresses.push_back(literal_address("127.0.0.1", port).value());
  return addresses;
}

using Texts = std::vector<std::string>;

std::string text_of(std::uint16_t port) { return "127.0.0.1:" + std::to_string(port); }

// Runs a race until libuv has nothing left to do: a runner that is not closed keeps it from ending.
class Racing final : Race::Events {
 public:
  Racing(std::vector<Address> addresses, Duration head_start) {
    REQUIRE(uv_loop_init(&loop_) == 0);
    uv_prepare_t prepare;
    uv_prepare_init(&loop_, &prepare);
    uv_unref(reinterpret_cast<uv_handle_t*>(&prepare));
    prepare.data = this;
    uv_prepare_start(&prepare, [](uv_prepare_t* handle) {
      static_cast<Racing*>(handle->data)->count_sockets();
    });
    Race::Events& events = *this;
    race_.emplace(&loop_, events, std::move(addresses), head_start);
    race_->start();
    uv_run(&loop_, UV_RUN_DEFAULT);
    uv_close(reinterpret_cast<uv_handle_t*>(&prepare), nullptr);
    uv_run(&loop_, UV_RUN_DEFAULT);
    CHECK(uv_loop_close(&loop_) == 0);
  }

  int won = 0;
  std::vector<Error> failures;
  std::vector<std::string> failed;  // addresses
  std::vector<std::string> connected;
  int sockets_max = 0;

 private:
  void on_won(SocketPointer) override {
    ++won;
    race_.reset();
  }
  void on_lost(Error error) override {
    failures.push_back(std::move(error));
    race_.reset();
  }
  void on_address_failed(const Address& address) override { failed.push_back(to_string(address)); }
  void on_address_connected(const Address& address) override {
    connected.push_back(to_string(address));
  }

  void count_sockets() {
    int sockets = 0;
    const auto count = [](uv_handle_t* handle, void* to) {
      if (handle->type == UV_TCP && uv_is_closing(handle) == 0) ++*static_cast<int*>(to);
    };
    uv_walk(&loop_, count, &sockets);
    sockets_max = std::max(sockets_max, sockets);
  }

  uv_loop_t loop_ = {};
  std::optional<Race> race_;
};

TEST_CASE("addresses are tried in order until one accepts, at once when one fails, no further") {
  const std::uint16_t refusing = ScriptedServer().port();
  const ScriptedServer second;
  const ScriptedServer third;
  const Racing racing(addresses_of({refusing, second.port(), third.port()}), 1h);
  CHECK(racing.won == 1);
  CHECK(racing.failures.empty());
  CHECK(racing.failed == Texts{text_of(refusing)});
  CHECK(racing.connected == Texts{text_of(second.port())});
  CHECK(second.connection_waits());
  CHECK_FALSE(third.connection_waits());
}

TEST_CASE("when no address accepts, the last one's error is given, once, and says how many") {
  const std::uint16_t first = ScriptedServer().port();
  const std::uint16_t last = ScriptedServer().port();
  const Racing racing(addresses_of({first, last}), 1h);
  CHECK(racing.won == 0);
  REQUIRE(racing.failures.size() == 1);
  CHECK(racing.failures[0].code == ErrorCode::connect_failed);
  CHECK(racing.failures[0].detail ==
        "cannot connect to 127.0.0.1:" + std::to_string(last) +
            ": connection refused (ECONNREFUSED), the last of 2 addresses tried");
}

TEST_CASE("S31: an address that hangs has its head start, then the next one runs beside it") {
  const HangingAddress hanging;
  const ScriptedServer good;
  const Racing racing(addresses_of({hanging.port(), good.port()}), 1ms);
  CHECK(racing.won == 1);
  CHECK(racing.failed == Texts{text_of(hanging.port())});
  CHECK(racing.connected == Texts{text_of(good.port())});
  CHECK(good.connection_waits());
  CHECK(racing.sockets_max == 2);
}

TEST_CASE("S31: any number of hanging addresses let the good one have its turn, two at a time") {
  const HangingAddress hanging;
  const ScriptedServer good;
  const std::uint16_t never = hanging.port();
  const Racing racing(addresses_of({never, never, never, never, good.port()}), 1ms);
  CHECK(racing.won == 1);
  CHECK(racing.failed == Texts(4, text_of(never)));  // those that made room, and the one outrun
  CHECK(good.connection_waits());
  CHECK(racing.sockets_max == 2);
}

TEST_CASE("an address that fails beside one that hangs gives way at once") {
  const HangingAddress hanging;
  const std::uint16_t refusing = ScriptedServer().port();
  const ScriptedServer good;
  const Racing racing(addresses_of({hanging.port(), refusing, refusing, good.port()}), 1ms);
  CHECK(racing.won == 1);
  CHECK(good.connection_waits());
}

TEST_CASE("an address that can't even be tried is passed over") {
  const Address nonsense;  // of no family
  const ScriptedServer good;
  std::vector<Address> addresses = addresses_of({good.port()});
  addresses.insert(addresses.begin(), nonsense);
  CHECK(Racing(addresses, 1h).won == 1);
  CHECK(Racing({nonsense, nonsense}, 1h).failures.size() == 1);
}

}  // namespace
}  // namespace headrace::io
