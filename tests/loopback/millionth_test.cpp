// More than the queue holds, at an origin that is stuck.

#include <unistd.h>

#include <condition_variable>
#include <fstream>
#include <map>
#include <mutex>

#include "tests/loopback/scene.hpp"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define UNDER_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define UNDER_SANITIZER 1
#endif
#endif

using namespace headrace;
using namespace headrace::test;
using namespace std::chrono_literals;

namespace {

#if defined(UNDER_SANITIZER)  // which keep freed memory, and are slow
constexpr bool memory_tells = false;
constexpr std::size_t wanted = 50'000;
constexpr std::size_t queue_max = 2'500;
#else
constexpr bool memory_tells = true;
constexpr std::size_t wanted = 1'000'000;
constexpr std::size_t queue_max = 50'000;
#endif

// The queue, the mail that the engine's thread is reading and the mail that comes meanwhile have
// one bound, and a request in any of them takes about a KiB with its future: three times that, and
// a quarter for the allocator. All of the million at once would take five times as much.
constexpr std::size_t bytes_max = 4 * queue_max * 1'024;

std::size_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t pages = 0;
  file >> pages >> pages;
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

// How calls that nobody keeps a future of have ended.
class Ends {
 public:
  void count(Future<Response> call) {
    call.then([this](const Result<Response>& result) {
          const std::lock_guard lock(mutex_);
          ++by_code_[result ? ErrorCode::internal : result.error().code];
          ++count_;
          changed_.notify_all();
        })
        .detach();
  }

  // Waits until so many have ended; false when patience ends first.
  bool wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [&] { return count_ >= count; });
  }

  std::size_t with(ErrorCode code) {
    const std::lock_guard lock(mutex_);
    return by_code_[code];
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<ErrorCode, std::size_t> by_code_;
  std::size_t count_ = 0;
};

}  // namespace

TEST_CASE("S27: the millionth request to a stuck origin fails at once, and nobody else suffers") {
  ScriptedServer stuck;
  ScriptedServer elsewhere;
  Ends ends;
  Options options = on_one_connection();
  options.queue_requests_max = queue_max;
  Engine engine(options);
  ends.count(engine.submit(get(stuck, "/never-answered")));
  Peer peer = stuck.accept();
  peer.read_request();

  const std::size_t before = resident_bytes();
  std::size_t most = before;
  for (std::size_t i = 0; i < wanted; ++i) {
    ends.count(engine.submit(get(stuck, "/waits")));
    if (i % 10'000 == 0) most = std::max(most, resident_bytes());
  }
  REQUIRE(ends.wait_for(wanted - queue_max));
  most = std::max(most, resident_bytes());
  CHECK(ends.with(ErrorCode::queue_full) == wanted - queue_max);
  CHECK(ends.with(ErrorCode::closed) == 0);
  if (memory_tells) CHECK(most - before < bytes_max);

  Future<Response> other = engine.submit(get(elsewhere, "/"));
  Peer there = elsewhere.accept();
  there.read_request();
  there.send(ok("at once"));
  CHECK(body_of(other) == "at once");

  engine.shut_down(10ms);
  CHECK(ends.with(ErrorCode::queue_full) == wanted - queue_max);
  CHECK(ends.with(ErrorCode::closed) == queue_max + 1);
}
