#include "engine/io/dialler.hpp"

#include <memory>
#include <optional>

#include "tests/io/hanging_address.hpp"
#include "tests/io/resolver_by_hand.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scripted_server.hpp"

namespace headrace::io {
namespace {

using test::HangingAddress;
using test::ResolverByHand;
using test::ScriptedServer;

// Diallers on one loop and one resolver, which the test answers.
class Dialling final : Dialler::Events {
 public:
  Dialling() {
    REQUIRE(uv_loop_init(&loop_) == 0);
    around_.loop = &loop_;
    around_.addresses = &book;
  }
  ~Dialling() {
    diallers_.clear();
    uv_run(&loop_, UV_RUN_DEFAULT);
    CHECK(uv_loop_close(&loop_) == 0);
  }

  void dial(const std::string& host, std::uint16_t port) {
    Dialler::Events& events = *this;
    const auto origin = std::make_shared<const http::Origin>(false, host, port);
    diallers_.push_back(std::make_unique<Dialler>(around_, events, origin));
    diallers_.back()->start({});
  }
  void give_up() { diallers_.clear(); }
  void run() { uv_run(&loop_, UV_RUN_DEFAULT); }
  void run_once() { uv_run(&loop_, UV_RUN_NOWAIT); }

  ResolverByHand hand;
  AddressBook book{.resolver = Resolver(&loop_, &ResolverByHand::ask)};
  int connected = 0;
  std::vector<Error> failures;

 private:
  void on_stream(StreamPointer, Bytes) override { ++connected; }
  void on_dial_failed(Error error) override { failures.push_back(std::move(error)); }

  uv_loop_t loop_ = {};
  DialSurroundings around_;
  std::vector<std::unique_ptr<Dialler>> diallers_;
};

TEST_CASE("an IP literal is dialled without a question") {
  const ScriptedServer server;
  Dialling dialling;
  dialling.dial("127.0.0.1", server.port());
  dialling.run();
  CHECK(dialling.connected == 1);
  CHECK(dialling.hand.hosts().empty());
}

TEST_CASE("S31: dials to one name share a question, and the next ones its answer") {
  const ScriptedServer server;
  const ScriptedServer of_another_port;
  Dialling dialling;
  dialling.dial("cloud.example", server.port());
  dialling.dial("cloud.example", server.port());
  dialling.dial("cloud.example", of_another_port.port());
  dialling.hand.answer(0, {"127.0.0.1"});
  dialling.run();
  CHECK(dialling.connected == 3);
  CHECK(of_another_port.connection_waits());
  dialling.dial("cloud.example", server.port());
  dialling.run();
  CHECK(dialling.connected == 4);
  CHECK(dialling.hand.hosts().size() == 1);
}

TEST_CASE("S31: a name of whose addresses none accepted is asked for again") {
  const std::uint16_t refusing = ScriptedServer().port();
  Dialling dialling;
  dialling.dial("cloud.example", refusing);
  dialling.hand.answer(0, {"127.0.0.1"});
  dialling.run();
  REQUIRE(dialling.failures.size() == 1);
  CHECK(dialling.failures[0].code == ErrorCode::connect_failed);
  dialling.give_up();
  dialling.dial("cloud.example", refusing);
  CHECK(dialling.hand.hosts().size() == 2);
}

TEST_CASE("S31: so is one whose address was silent till the dial was given up") {
  const HangingAddress hanging;
  Dialling dialling;
  dialling.dial("cloud.example", hanging.port());
  dialling.hand.answer(0, {"127.0.0.1"});
  dialling.run_once();
  dialling.give_up();
  dialling.dial("cloud.example", hanging.port());
  CHECK(dialling.hand.hosts().size() == 2);
}

TEST_CASE("an address that failed is tried after its neighbours the next time") {
  const HangingAddress hanging;
  Dialling dialling;
  dialling.book.failing.on_failed({}, literal_address("127.0.0.1", hanging.port()).value());
  dialling.dial("cloud.example", hanging.port());
  dialling.hand.answer(0, {"127.0.0.1", "127.0.0.2"});  // where nobody listens: refused at once
  dialling.run_once();
  dialling.give_up();
  const auto order =
      dialling.book.failing.put_last({}, {literal_address("127.0.0.2", hanging.port()).value(),
                                          literal_address("127.0.0.3", hanging.port()).value()});
  CHECK(to_string(order[1]) == "127.0.0.2:" + std::to_string(hanging.port()));
}

// 127.0.0.2 stands in for an IPv6 address behind which there is nothing.
TEST_CASE("S31: a silent first address costs a name one head start, and the next dial none") {
  const ScriptedServer server;
  const HangingAddress hanging = HangingAddress::beside(server.port());
  Dialling dialling;
  dialling.dial("cloud.example", server.port());
  dialling.hand.answer(0, {"127.0.0.2", "127.0.0.1"});
  dialling.run();
  CHECK(dialling.connected == 1);
  dialling.dial("cloud.example", server.port());
  dialling.run_once();  // nothing is waited for
  CHECK(dialling.connected == 2);
}

TEST_CASE("a name without an address fails with the resolver's code") {
  Dialling dialling;
  dialling.dial("cloud.example", 80);
  dialling.hand.fail(0, UV_EAI_NONAME);
  REQUIRE(dialling.failures.size() == 1);
  CHECK(dialling.failures[0].code == ErrorCode::resolve_failed);
  CHECK(dialling.failures[0].phase == Phase::resolve);
  CHECK(dialling.failures[0].system_code == UV_EAI_NONAME);
}

}  // namespace
}  // namespace headrace::io
