#include "tests/torture/failing_memory.hpp"

#include <malloc.h>
#include <openssl/crypto.h>
#include <uv.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace headrace::test {
namespace {

constexpr int nobody = -1;

std::atomic<int> armed{nobody};
std::atomic<std::size_t> asked_so_far{0};
std::atomic<std::size_t> failing{0};
std::atomic<bool> failing_on{false};
std::array<std::atomic<long>, 2> held{};
std::atomic<long> record_buffers{0};

std::atomic<long>& held_by(Memory memory) {
  return held[static_cast<std::size_t>(std::to_underlying(memory))];
}

bool fails(Memory memory) noexcept {
  if (armed.load() != std::to_underlying(memory)) return false;
  const std::size_t number = ++asked_so_far;
  return number == failing || (failing_on && number > failing);
}

// Adds to what is held, or takes from it.
void count(Memory memory, void* block, long difference) noexcept {
  held_by(memory) += difference;
  constexpr std::size_t record_bytes = 16 * 1024;
  if (memory == Memory::openssl && malloc_usable_size(block) >= record_bytes)
    record_buffers += difference;
}

template <Memory memory>
void* allocate(std::size_t bytes) noexcept {
  void* const made = fails(memory) ? nullptr : std::malloc(bytes);
  if (made != nullptr) count(memory, made, 1);
  return made;
}

template <Memory memory>
void give_back(void* block) noexcept {
  if (block != nullptr) count(memory, block, -1);
  std::free(block);
}

void* openssl_allocate(std::size_t bytes, const char* /*file*/, int /*line*/) {
  return allocate<Memory::openssl>(bytes);
}

void* openssl_reallocate(void* block, std::size_t bytes, const char* /*file*/, int /*line*/) {
  if (block == nullptr) return allocate<Memory::openssl>(bytes);
  if (bytes == 0) {
    give_back<Memory::openssl>(block);
    return nullptr;
  }
  if (fails(Memory::openssl)) return nullptr;
  count(Memory::openssl, block, -1);
  void* const moved = std::realloc(block, bytes);
  count(Memory::openssl, moved != nullptr ? moved : block, 1);
  return moved;
}

void openssl_give_back(void* block, const char* /*file*/, int /*line*/) {
  give_back<Memory::openssl>(block);
}

// It does not fail where libuv ends the process: when its table of descriptors is to grow, which is
// the only thing that it reallocates.
void* libuv_reallocate(void* block, std::size_t bytes) {
  if (block == nullptr) ++held_by(Memory::libuv);
  return std::realloc(block, bytes);
}

void* libuv_allocate_cleared(std::size_t count, std::size_t bytes) {
  void* const made = fails(Memory::libuv) ? nullptr : std::calloc(count, bytes);
  if (made != nullptr) ++held_by(Memory::libuv);
  return made;
}

// Both refuse, or go wrong, once they have allocated, so it is done before anything else.
struct Replaced {
  Replaced() {
    const bool taken =
        CRYPTO_set_mem_functions(openssl_allocate, openssl_reallocate, openssl_give_back) == 1 &&
        uv_replace_allocator(allocate<Memory::libuv>, libuv_reallocate, libuv_allocate_cleared,
                             give_back<Memory::libuv>) == 0;
    if (!taken) throw std::logic_error("a library has allocated before the tests began");
  }
} const replaced;

}  // namespace

FailingAllocation::FailingAllocation(Memory memory, std::size_t nth, bool on) {
  asked_so_far = 0;
  failing = nth;
  failing_on = on;
  armed = std::to_underlying(memory);
}

FailingAllocation::~FailingAllocation() { armed = nobody; }

std::size_t FailingAllocation::asked() const noexcept { return asked_so_far; }

long blocks_held(Memory memory) {
  OPENSSL_thread_stop();
  return held_by(memory);
}

long record_buffers_held() { return record_buffers; }

}  // namespace headrace::test
