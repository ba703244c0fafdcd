#include "engine/base/spare_memory.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <set>
#include <thread>
#include <vector>

#include "engine/base/limits.hpp"
#include "engine/base/poison.hpp"
#include "headrace/detail/promise.hpp"
#include "tests/allocations/counter.hpp"
#include "tests/support/catch.hpp"

using namespace headrace;
using namespace headrace::test;

namespace {

std::vector<void*> take(std::size_t count, std::size_t bytes) {
  std::vector<void*> taken(count);
  for (void*& memory : taken) {
    memory = take_memory(bytes);
    std::memset(memory, 0xff, bytes);
  }
  return taken;
}

void give(const std::vector<void*>& taken, std::size_t bytes) {
  for (void* memory : taken) give_memory(memory, bytes);
}

// How many of so many pieces come from operator new.
std::uint64_t made_for(std::size_t count, std::size_t bytes) {
  std::vector<void*> taken(count);
  const std::uint64_t before = allocations();
  for (void*& memory : taken) memory = take_memory(bytes);
  const std::uint64_t made = allocations() - before;
  give(taken, bytes);
  return made;
}

// Each test has a thread of its own, which keeps nothing at first.
void on_another_thread(const auto& work) { std::thread(work).join(); }

}  // namespace

TEST_CASE("S36: a thread keeps so much of one size that is given back") {
  on_another_thread([] {
    constexpr std::size_t most = limits::spare_memory_max;
    give(take(most + 10, 56), 56);
    CHECK(made_for(most, 56) == 0);
    CHECK(made_for(most + 10, 56) == 10);
  });
}

TEST_CASE("memory that is taken is nobody else's") {
  on_another_thread([] {
    std::set<void*> mine;
    for (int round = 0; round < 3; ++round) {
      std::vector<void*> taken = take(100, 40);
      mine = {taken.begin(), taken.end()};
      CHECK(mine.size() == taken.size());
      std::ranges::rotate(taken, taken.begin() + 30);
      give(taken, 40);
    }
  });
}

TEST_CASE("what was given back serves what is as large, to eight bytes") {
  on_another_thread([] {
    give(take(1, 17), 17);
    CHECK(made_for(1, 16) == 1);
    CHECK(made_for(1, 25) == 1);
    CHECK(made_for(1, 24) == 0);
    CHECK(made_for(1, 18) == 0);
    give(take(1, 0), 0);  // what is taken may be empty
    CHECK(made_for(1, 0) == 0);
    give(take(1, spare_bytes_max), spare_bytes_max);
    CHECK(made_for(1, spare_bytes_max) == 0);
    give(take(1, spare_bytes_max + 1), spare_bytes_max + 1);
    CHECK(made_for(1, spare_bytes_max + 1) == 1);
  });
}

TEST_CASE("S36: a thread keeps no more than it took itself") {
  const std::vector<void*> mine = take(3, 72);
  on_another_thread([&] {
    give_memory(mine[0], 72);
    CHECK(made_for(1, 72) == 1);  // it kept nothing; now it has made one, and keeps that
    give_memory(mine[1], 72);
    CHECK(made_for(2, 72) == 1);
  });
  give_memory(mine[2], 72);
}

TEST_CASE("S36: with a thread goes what it kept, and what is given back at its very end") {
  struct Last {
    void* memory = nullptr;
    ~Last() {
      if (memory != nullptr) give_memory(memory, 88);
      give(take(5, 88), 88);
    }
  };
  std::uint64_t before = 0;
  std::uint64_t kept = 0;
  on_another_thread([&] {
    thread_local Last last;  // made before what ends the keeping, so it ends after that
    before = bytes_held();
    last.memory = take_memory(88);
    give(take(20, 88), 88);
    give(take(20, 24), 24);
    kept = bytes_held() - before;
  });
  const std::uint64_t after = bytes_held();
  CHECK(kept >= 21 * 88 + 20 * 24);
  CHECK(after <= before);
}

#ifdef HEADRACE_POISON
TEST_CASE("AddressSanitizer reports who looks at what was given back") {
  on_another_thread([] {
    give(take(1, 50), 50);
    char* const memory = static_cast<char*>(take_memory(50));
    CHECK(__asan_region_is_poisoned(memory, 50) == nullptr);
    give_memory(memory, 50);
    for (std::size_t at = sizeof(void*); at < 50; ++at)
      CHECK(__asan_address_is_poisoned(memory + at) == 1);
  });
}
#endif

TEST_CASE("the state of a future is made in the memory of another") {
  on_another_thread([] {
    const auto call = [] {
      detail::Promise<int> promise;
      Future<int> doubled = promise.future().then([](Result<int> n) { return 2 * n.value(); });
      promise.complete(21);
      CHECK(doubled.get() == 42);
    };
    call();
    const std::uint64_t before = allocations();
    call();
    CHECK(allocations() == before);
  });
}

TEST_CASE("a callback may capture what lies at a rounder address than others") {
  struct alignas(128) Round {
    int number = 7;
  };
  std::array<detail::Promise<int>, 8> promises;
  std::vector<Future<bool>> right;
  for (detail::Promise<int>& promise : promises)
    right.push_back(promise.future().then([round = Round{}](Result<int> n) {
      // What a compiler knows of types it would not look up.
      const volatile auto at = reinterpret_cast<std::uintptr_t>(&round);
      return at % alignof(Round) == 0 && round.number == n.value();
    }));
  for (detail::Promise<int>& promise : promises) promise.complete(7);
  for (Future<bool>& each : right) CHECK(each.get());
}
