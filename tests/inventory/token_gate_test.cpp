#include "bindings/inventory/token_gate.hpp"

#include "tests/support/catch.hpp"

using headrace::inventory::TokenGate;
using Advice = TokenGate::Advice;
using State = TokenGate::State;

TEST_CASE("without a login the gate is open and a 401 is the answer") {
  const TokenGate gate(false);
  CHECK(gate.state() == State::open);
  CHECK(gate.on_unauthorized(0, false) == Advice::give_up);
}

TEST_CASE("S42: of many requests refused with one token only the first logs in") {
  TokenGate gate(true);
  CHECK(gate.state() == State::shut);
  gate.on_login_sent();
  gate.on_token("one");
  CHECK(gate.state() == State::open);
  CHECK(gate.token() == "one");
  const std::uint64_t epoch = gate.epoch();

  CHECK(gate.on_unauthorized(epoch, false) == Advice::log_in);
  gate.on_login_sent();
  CHECK(gate.on_unauthorized(epoch, false) == Advice::wait);
  CHECK(gate.on_unauthorized(epoch, false) == Advice::wait);
  gate.on_token("two");
  CHECK(gate.on_unauthorized(epoch, false) == Advice::send_again);
  CHECK(gate.on_unauthorized(gate.epoch(), false) == Advice::log_in);
}

TEST_CASE("S42: a request is sent again at most once") {
  TokenGate gate(true);
  gate.on_login_sent();
  gate.on_token("one");
  CHECK(gate.on_unauthorized(gate.epoch(), true) == Advice::give_up);
}

TEST_CASE("S42: after a refused login nobody tries again") {
  TokenGate gate(true);
  gate.on_login_sent();
  gate.on_token("one");
  const std::uint64_t epoch = gate.epoch();
  gate.on_login_sent();
  gate.on_login_refused();
  CHECK(gate.state() == State::barred);
  CHECK(gate.on_unauthorized(epoch, false) == Advice::give_up);
}
