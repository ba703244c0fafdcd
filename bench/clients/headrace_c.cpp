// headrace as the author of a binding would use it: through the C ABI of the shared library alone.

#include <poll.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/common/client.hpp"
#include "headrace/headrace.h"

namespace headrace::bench {
namespace {

template <auto free>
struct Freeing {
  void operator()(auto* handle) const { free(handle); }
};

hr_engine* make_engine(const Arguments& arguments) {
  hr_tls_options tls{};
  tls.struct_size = sizeof(tls);
  tls.ca_file = hr_str_from(arguments.ca_file.c_str());
  const std::string origin = arguments.target.origin();
  hr_options options{};
  options.struct_size = sizeof(options);
  options.base_url = hr_str_from(origin.c_str());
  options.connections_max = arguments.connections;
  options.pipeline_depth = arguments.depth;
  options.tls = &tls;
  hr_error* error = nullptr;
  hr_engine* const engine = hr_engine_create(&options, &error);
  const std::unique_ptr<hr_error, Freeing<hr_error_free>> freed(error);
  if (engine == nullptr) throw std::runtime_error(error->text.data);
  return engine;
}

// Takes the future's answer, and the future.
void count(Tally& tally, hr_future* call) {
  const hr_response* const response = hr_future_response(call);
  const bool good = response != nullptr && response->status == 200;
  ++(good ? tally.answered : tally.failed);
  if (good) tally.body_bytes += response->body.size;
  hr_future_free(call);
}

class HeadraceC : public Client {
 public:
  explicit HeadraceC(const Arguments& arguments)
      : path_(arguments.target.path),
        outstanding_(arguments.outstanding()),
        engine_(make_engine(arguments)) {
    request_.struct_size = sizeof(request_);
    request_.url = hr_str_from(path_.c_str());
  }

  std::string version() const override { return hr_version(); }

 protected:
  hr_engine* engine() const { return engine_.get(); }

  // As many as were asked for.
  std::vector<hr_future*> submit(std::size_t wanted) const {
    const std::vector<hr_request> requests(wanted, request_);
    std::vector<hr_future*> futures(wanted);
    if (!hr_engine_submit_all(engine(), requests.data(), wanted, futures.data()))
      throw std::bad_alloc();
    return futures;
  }

  std::string path_;
  hr_request request_{};
  std::size_t outstanding_;

 private:
  std::unique_ptr<hr_engine, Freeing<hr_engine_free>> engine_;
};

// A program with an event loop of its own: it polls, takes what is ready, and submits as many.
class Ready final : public HeadraceC {
 public:
  explicit Ready(const Arguments& arguments) : HeadraceC(arguments) { request_.announce = 1; }

  Tally run(std::size_t requests) override {
    Tally tally;
    std::array<hr_future*, 256> ready{};
    pollfd watched{.fd = hr_engine_ready_fd(engine()), .events = POLLIN, .revents = 0};
    std::size_t unsent = requests - submit(std::min(outstanding_, requests)).size();
    for (std::size_t left = requests; left > 0;) {
      const std::size_t got = hr_engine_take_ready(engine(), ready.data(), ready.size());
      if (got == 0) poll(&watched, 1, -1);
      if (got == 0) continue;
      for (std::size_t i = 0; i < got; ++i) count(tally, ready[i]);
      left -= got;
      const std::size_t next = std::min(got, unsent);
      if (next > 0) unsent -= submit(next).size();
    }
    return tally;
  }
};

// The oldest call is waited for, and another submitted in its place.
class Window final : public HeadraceC {
 public:
  using HeadraceC::HeadraceC;

  Tally run(std::size_t requests) override {
    Tally tally;
    std::vector<hr_future*> calls = submit(std::min(outstanding_, requests));
    std::size_t unsent = requests - calls.size();
    for (std::size_t i = 0; i < requests; ++i) {
      hr_future*& oldest = calls[i % calls.size()];
      hr_future_wait(oldest, HR_NONE);
      count(tally, oldest);
      if (unsent == 0) continue;
      --unsent;
      oldest = hr_engine_submit(engine(), &request_);
    }
    return tally;
  }
};

// One at a time, each waited for.
class Wait final : public HeadraceC {
 public:
  using HeadraceC::HeadraceC;

  Tally run(std::size_t requests) override {
    return one_by_one(requests, [&](Tally& tally) {
      hr_future* const call = hr_engine_submit(engine(), &request_);
      hr_future_wait(call, HR_NONE);
      count(tally, call);
    });
  }
};

template <class Way>
int measure_way(const char* name, const Arguments& arguments) {
  Way client(arguments);
  return measure({"headrace_c", name}, arguments, client);
}

int run(const Arguments& arguments) {
  const std::string& variant = arguments.variant;
  if (arguments.serial) return measure_way<Wait>("wait", arguments);
  if (variant.empty() || variant == "window") return measure_way<Window>("window", arguments);
  if (variant == "ready") return measure_way<Ready>("ready", arguments);
  throw std::invalid_argument("--variant is window or ready");
}

}  // namespace
}  // namespace headrace::bench

int main(int count, char** values) {
  return headrace::bench::client_main(count, values, "headrace_c", headrace::bench::run);
}
