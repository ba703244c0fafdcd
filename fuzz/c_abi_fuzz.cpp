#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/answering_server.hpp"
#include "fuzz/require.hpp"
#include "headrace/headrace.h"

// Any sequence of calls of the C ABI: nothing is freed twice or lost, a future that is ready has
// one outcome, an announced one is given once, and an engine that ends leaves none unready (S45).
//
// Input: one byte a call, then what that takes: which engine or future, and what of a request.

using headrace::fuzz::AnsweringServer;
using headrace::fuzz::require;

namespace {

struct Input {
  const std::uint8_t* next;
  const std::uint8_t* end;

  bool empty() const { return next == end; }
  unsigned take() { return empty() ? 0 : *next++; }
};

struct Call {
  hr_future* future;
  bool announced;
  bool streamed;  // by the engine there is now
};

class Play {
 public:
  explicit Play(Input input) : input_(input) {}

  void run() {
    while (!input_.empty()) step();
    hr_engine_free(engine_);
    check_all_ready();
    while (!calls_.empty()) forget(hr_future_free);
  }

 private:
  static const AnsweringServer& server() {
    static const auto* const one = new AnsweringServer;
    return *one;
  }

  void step() {
    switch (input_.take() % 13) {
      case 0:
        return restart();
      case 1:
        hr_engine_shut_down(engine_, input_.take() % 2);
        return check_all_ready();
      case 2:
        return submit(hr_engine_submit);
      case 3:
        return submit(hr_engine_enqueue);
      case 4:
        return submit_all();
      case 5:
        return hr_future_cancel(chosen());
      case 6:
        return forget(hr_future_free);
      case 7:
        return forget(hr_future_detach);
      case 8:
        return wait(static_cast<std::int64_t>(input_.take() % 4) - 1);
      case 9:
        return take_ready();
      case 10:
        return look(chosen());
      case 11:
        return read_on();
      default:
        return report();
    }
  }

  void restart() {
    hr_engine_free(engine_);
    check_all_ready();
    for (Call& call : calls_) call.announced = call.streamed = false;  // their queue is gone
    hr_options options{};
    options.struct_size = sizeof(options);
    options.base_url = hr_str_from(server().origin().c_str());
    options.timeout_ms = 50;
    options.connections_max = static_cast<std::int64_t>(input_.take() % 5) - 1;
    options.loops = input_.take() % 3;
    hr_error* error = nullptr;
    engine_ = hr_engine_create(&options, &error);
    require((engine_ == nullptr) == (error != nullptr), "an engine or an error");
    hr_error_free(error);
  }

  hr_request request() {
    static constexpr std::array urls = {"/a", "/b", "nonsense", "http://127.0.0.1:1/", ""};
    static constexpr std::array methods = {"", "GET", "POST", "HEAD", "B\r\nAD"};
    const unsigned flags = input_.take();
    hr_request request{};
    request.struct_size = (flags & 1U) != 0 ? offsetof(hr_request, body) : sizeof(request);
    request.announce = (flags & 2U) != 0 ? 1 : 0;
    request.bulk = (flags & 4U) != 0 ? 1 : 0;
    request.streamed = (flags & 0xf0U) == 0xf0U ? 2 : (flags & 0x10U) != 0 ? 1 : 0;
    request.repeat = static_cast<hr_repeat>(input_.take() % 4);
    request.url = hr_str_from(urls[input_.take() % urls.size()]);
    request.method = hr_str_from(methods[input_.take() % methods.size()]);
    request.body = (flags & 8U) != 0 ? hr_str_from("body") : hr_str{};
    request.user_data = this;
    return request;
  }

  static bool is_announced(const hr_request& request) {
    return request.struct_size == sizeof(request) && request.announce == 1;
  }
  static bool is_streamed(const hr_request& request) {
    return request.struct_size == sizeof(request) && request.streamed == 1;
  }

  void submit(decltype(&hr_engine_submit) how) {
    const hr_request one = request();
    const bool made = engine_ != nullptr;
    keep(how(engine_, &one), made && is_announced(one), made && is_streamed(one));
  }

  void submit_all() {
    std::array<hr_request, 3> batch{request(), request(), request()};
    std::array<hr_future*, 3> futures{};
    require(hr_engine_submit_all(engine_, batch.data(), batch.size(), futures.data()), "memory");
    const std::size_t size = batch[0].struct_size;  // how far apart they are said to be
    if (size != sizeof(hr_request)) return forget_all(futures);
    for (std::size_t i = 0; i < batch.size(); ++i)
      keep(futures[i], engine_ != nullptr && is_announced(batch[i]),
           engine_ != nullptr && is_streamed(batch[i]));
  }

  // The elements were not where they seemed, so which of them are announced is not known.
  static void forget_all(const std::array<hr_future*, 3>& futures) {
    for (hr_future* const future : futures) hr_future_free(future);
  }

  void keep(hr_future* future, bool announced, bool streamed) {
    require(future != nullptr, "a future");
    calls_.push_back({future, announced, streamed});
  }

  void read_on() {
    hr_future* const head = chosen();
    const bool announce = input_.take() % 2 == 1;
    const bool open =
        head != nullptr && calls_.back().streamed && hr_future_response(head) != nullptr;
    keep(hr_future_read(head, announce, this), announce && open, false);
  }

  hr_future* chosen() {
    const unsigned choice = input_.take();
    if (calls_.empty()) return nullptr;
    std::swap(calls_[choice % calls_.size()], calls_.back());
    return calls_.back().future;
  }

  void forget(void (*end)(hr_future*)) {
    hr_future* const future = chosen();
    end(future);
    if (future != nullptr) calls_.pop_back();
  }

  void wait(std::int64_t timeout_ms) {
    hr_future* const future = chosen();
    const hr_wait_result result = hr_future_wait(future, timeout_ms);
    require(future == nullptr ? result == HR_WAIT_REFUSED : result != HR_WAIT_REFUSED, "a wait");
    require(timeout_ms >= 0 || future == nullptr || result == HR_WAIT_READY, "a wait to the end");
    if (result == HR_WAIT_READY) require(hr_future_ready(future), "ready after waiting");
    look(future);
  }

  static void look(hr_future* future) {
    const bool ready = hr_future_ready(future);
    const hr_response* const response = hr_future_response(future);
    const hr_error* const error = hr_future_error(future);
    if (!ready) return;
    require((response == nullptr) != (error == nullptr), "one outcome");
    if (response != nullptr) {
      require(response->status == 200 || response->status == 0, "an answer or a piece of one");
      require(hr_response_field(response, response->fields_count).name.data == nullptr, "an end");
    } else {
      require(error->code != HR_OK && error->code != HR_INTERNAL && error->text.size > 0,
              "an error that is none of headrace's own");
    }
  }

  void take_ready() {
    std::array<hr_future*, 3> taken{};
    const std::size_t max = input_.take() % (taken.size() + 1);
    const std::size_t got = hr_engine_take_ready(engine_, taken.data(), max);
    require(got <= max, "no more than was asked for");
    for (std::size_t i = 0; i < got; ++i) {
      const auto call = std::ranges::find(calls_, taken[i], &Call::future);
      require(call != calls_.end() && call->announced, "an announced future, once");
      require(hr_future_ready(taken[i]), "a ready one");
      require(hr_future_user_data(taken[i]) == this, "its own data");
      call->announced = false;
    }
  }

  void report() {
    hr_engine_flush(engine_);
    char* const stats = hr_engine_stats(engine_);
    require(stats != nullptr && std::string_view(stats).starts_with("{\"origins\":["), "JSON");
    hr_text_free(stats);
    hr_text_free(hr_engine_profiles(engine_));
    require((hr_engine_ready_fd(engine_) >= 0) == (engine_ != nullptr), "a descriptor");
  }

  void check_all_ready() const {
    for (const Call& call : calls_) require(hr_future_ready(call.future), "none left unready");
  }

  Input input_;
  hr_engine* engine_ = nullptr;
  std::vector<Call> calls_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t calls_max = 200;
  Play({data, data + std::min(size, calls_max)}).run();
  return 0;
}
