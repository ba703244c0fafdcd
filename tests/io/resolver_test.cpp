#include "engine/io/resolver.hpp"

#include <cstdlib>
#include <future>
#include <memory>

#include "engine/base/limits.hpp"
#include "tests/io/resolver_by_hand.hpp"
#include "tests/support/catch.hpp"

namespace headrace::io {
namespace {

using test::ResolverByHand;
using Texts = std::vector<std::string>;
using namespace std::chrono_literals;

constexpr Instant start{};

// What it heard, and how often.
class Listener final : public Resolver::Waiter {
 public:
  int told = 0;
  int code = 0;
  Texts addresses;

 private:
  void on_resolved(int result, const std::vector<Address>& found) override {
    ++told;
    code = result;
    for (const Address& address : found) addresses.push_back(to_string(address));
  }
};

// A resolver whose questions the test answers.
struct ByHand {
  ByHand() { REQUIRE(uv_loop_init(&loop) == 0); }
  ~ByHand() { CHECK(uv_loop_close(&loop) == 0); }

  uv_loop_t loop = {};
  ResolverByHand hand;
  Resolver resolver{&loop, &ResolverByHand::ask};
};

TEST_CASE("S31: a name that many wait for is asked for once, and all are told") {
  ByHand by_hand;
  Listener first;
  Listener second;
  Listener other;
  by_hand.resolver.resolve(start, "a.example", first);
  by_hand.resolver.resolve(start, "a.example", second);
  by_hand.resolver.resolve(start, "b.example", other);
  CHECK(by_hand.hand.hosts() == Texts{"a.example", "b.example"});
  by_hand.hand.answer(0, {"10.0.0.1", "10.0.0.2"});
  for (const Listener* listener : {&first, &second}) {
    CHECK(listener->told == 1);
    CHECK(listener->code == 0);
    CHECK(listener->addresses == Texts{"10.0.0.1:0", "10.0.0.2:0"});
  }
  CHECK(other.told == 0);
}

TEST_CASE("S31: an answer is used for a minute from the asking, and no longer") {
  ByHand by_hand;
  Listener asking;
  by_hand.resolver.resolve(start, "a.example", asking);
  by_hand.hand.answer(0, {"10.0.0.1"});

  Listener soon;
  by_hand.resolver.resolve(start + limits::addresses_kept - 1ns, "a.example", soon);
  CHECK(soon.addresses == Texts{"10.0.0.1:0"});
  CHECK(by_hand.hand.hosts().size() == 1);

  Listener late;
  by_hand.resolver.resolve(start + limits::addresses_kept, "a.example", late);
  CHECK(late.told == 0);
  REQUIRE(by_hand.hand.hosts().size() == 2);
  by_hand.hand.answer(1, {"10.0.0.9"});
  CHECK(late.addresses == Texts{"10.0.0.9:0"});
}

TEST_CASE("a passing failure is told to all who wait, and forgotten") {
  ByHand by_hand;
  Listener first;
  Listener second;
  by_hand.resolver.resolve(start, "a.example", first);
  by_hand.resolver.resolve(start, "a.example", second);
  by_hand.hand.fail(0, UV_EAI_AGAIN);
  CHECK(first.code == UV_EAI_AGAIN);
  CHECK(second.code == UV_EAI_AGAIN);
  Listener again;
  by_hand.resolver.resolve(start, "a.example", again);
  CHECK(by_hand.hand.hosts().size() == 2);
}

TEST_CASE("that a name has no address is known for a moment; then it is asked for again") {
  const int code = GENERATE(UV_EAI_NONAME, UV_EAI_NODATA);
  ByHand by_hand;
  Listener asking;
  by_hand.resolver.resolve(start, "a.example", asking);
  by_hand.hand.fail(0, code);
  Listener soon;
  by_hand.resolver.resolve(start + limits::no_address_kept - 1ns, "a.example", soon);
  CHECK(soon.told == 1);
  CHECK(soon.code == code);
  CHECK(by_hand.hand.hosts().size() == 1);
  Listener late;
  by_hand.resolver.resolve(start + limits::no_address_kept, "a.example", late);
  REQUIRE(by_hand.hand.hosts().size() == 2);
  by_hand.hand.answer(1, {"10.0.0.1"});
  CHECK(late.addresses == Texts{"10.0.0.1:0"});
}

TEST_CASE("a failure does not take away an answer that is still good") {
  ByHand by_hand;
  Listener asking;
  by_hand.hand.refusal = UV_ENOMEM;
  by_hand.resolver.resolve(start, "a.example", asking);
  CHECK(asking.told == 1);
  CHECK(asking.code == UV_ENOMEM);
  by_hand.hand.refusal = 0;
  Listener again;
  by_hand.resolver.resolve(start, "a.example", again);
  by_hand.hand.answer(0, {"10.0.0.1"});
  CHECK(again.addresses == Texts{"10.0.0.1:0"});
}

TEST_CASE("forgotten addresses are asked for again") {
  ByHand by_hand;
  Listener asking;
  by_hand.resolver.resolve(start, "a.example", asking);
  by_hand.hand.answer(0, {"10.0.0.1"});
  by_hand.resolver.forget("a.example");
  Listener again;
  by_hand.resolver.resolve(start, "a.example", again);
  CHECK(by_hand.hand.hosts().size() == 2);
}

TEST_CASE("who has gone hears nothing; the question goes on for whoever asks next") {
  ByHand by_hand;
  auto gone = std::make_unique<Listener>();
  by_hand.resolver.resolve(start, "a.example", *gone);
  gone.reset();
  Listener next;
  by_hand.resolver.resolve(start + 1s, "a.example", next);
  CHECK(by_hand.hand.hosts().size() == 1);
  by_hand.hand.answer(0, {"10.0.0.1"});
  CHECK(next.told == 1);
}

// Told, it makes another go away who was to be told as well.
class Remover final : public Resolver::Waiter {
 public:
  std::unique_ptr<Listener> other;

 private:
  void on_resolved(int, const std::vector<Address>&) override { other.reset(); }
};

TEST_CASE("a waiter may go while another is being told") {
  ByHand by_hand;
  Remover remover;
  remover.other = std::make_unique<Listener>();
  Listener last;
  by_hand.resolver.resolve(start, "a.example", remover);
  by_hand.resolver.resolve(start, "a.example", *remover.other);
  by_hand.resolver.resolve(start, "a.example", last);
  by_hand.hand.answer(0, {"10.0.0.1"});
  CHECK_FALSE(remover.other);
  CHECK(last.told == 1);
}

TEST_CASE("no more names than the limit are kept, and the oldest goes first") {
  ByHand by_hand;
  const auto name = [](std::size_t i) { return "host" + std::to_string(i) + ".example"; };
  for (std::size_t i = 0; i <= limits::names_kept_max; ++i) {
    Listener asking;
    by_hand.resolver.resolve(start + std::chrono::microseconds(i), name(i), asking);
    by_hand.hand.answer(i, {"10.0.0.1"});
  }
  const auto is_kept = [&](std::size_t i) {
    const std::size_t before = by_hand.hand.hosts().size();
    Listener asking;
    by_hand.resolver.resolve(start + 1s, name(i), asking);
    return by_hand.hand.hosts().size() == before;
  };
  CHECK_FALSE(is_kept(0));
  CHECK(is_kept(1));
  CHECK(is_kept(limits::names_kept_max));
}

int asked = 0;

TEST_CASE("a question that no thread has begun with is called back when nobody waits") {
  uv_loop_t loop = {};
  REQUIRE(uv_loop_init(&loop) == 0);
  const char* configured = std::getenv("UV_THREADPOOL_SIZE");
  std::vector<uv_work_t> blockers(configured != nullptr ? std::strtoul(configured, nullptr, 10)
                                                        : 4);
  std::promise<void> released;
  const std::shared_future<void> release = released.get_future().share();
  for (uv_work_t& blocker : blockers) {
    blocker.data = const_cast<std::shared_future<void>*>(&release);
    const auto block = [](uv_work_t* work) {
      static_cast<std::shared_future<void>*>(work->data)->wait();
    };
    REQUIRE(uv_queue_work(&loop, &blocker, block, [](uv_work_t*, int) {}) == 0);
  }
  {
    const auto counted = [](uv_loop_t* on, uv_getaddrinfo_t* request, uv_getaddrinfo_cb answer,
                            const char* host, const char* service, const addrinfo* hints) {
      ++asked;
      return uv_getaddrinfo(on, request, answer, host, service, hints);
    };
    Resolver resolver(&loop, counted);
    asked = 0;
    for (int i = 0; i < 3; ++i) {
      Listener impatient;
      resolver.resolve(start, "localhost", impatient);
    }
    Listener patient;
    resolver.resolve(start, "localhost", patient);
    CHECK(asked == 4);
    released.set_value();
    uv_run(&loop, UV_RUN_DEFAULT);
    CHECK(patient.told == 1);
    CHECK(patient.code == 0);
  }
  CHECK(uv_loop_close(&loop) == 0);
}

}  // namespace
}  // namespace headrace::io
