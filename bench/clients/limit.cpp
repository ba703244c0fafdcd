// What the task costs at least: epoll, one read, one scan and one write for whatever came on a
// connection. No allocation, no fields looked at, no errors survived.

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "bench/clients/limit.hpp"
#include "bench/clients/limit_keeper.hpp"
#include "bench/common/client.hpp"

namespace headrace::bench {
namespace {

constexpr std::size_t room_bytes = std::size_t{256} << 10U;

// `Taker` finds the answers' ends: limit::Scanner or limit::Keeper.
template <class Taker>
struct Pipeline {
  Pipeline(const Target& target, SSL_CTX* context) : wire(target, context) {}

  limit::Wire wire;
  Taker taker;
};

template <class Taker>
class Limit final : public Client {
 public:
  explicit Limit(const Arguments& arguments)
      : context_(limit::make_context(arguments)),
        request_(limit::render(arguments.target)),
        depth_(arguments.depth),
        epoll_(::epoll_create1(EPOLL_CLOEXEC)),
        room_(room_bytes) {
    for (unsigned i = 0; i < depth_; ++i) requests_ += request_;
    for (unsigned i = 0; i < arguments.connections; ++i) {
      pipelines_.push_back(std::make_unique<Pipeline<Taker>>(arguments.target, context_.get()));
      pipelines_.back()->wire.do_not_wait();
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.ptr = pipelines_.back().get();
      ::epoll_ctl(epoll_, EPOLL_CTL_ADD, pipelines_.back()->wire.descriptor(), &event);
    }
  }
  ~Limit() override { ::close(epoll_); }

  std::string version() const override { return "epoll"; }

  Tally run(std::size_t requests) override {
    unsent_ = requests;
    Tally tally;
    tally.body_bytes -= body_bytes();
    for (const auto& pipeline : pipelines_) refill(*pipeline, depth_);
    while (tally.answered < requests) tally.answered += turn();
    tally.body_bytes += body_bytes();
    return tally;
  }

 private:
  std::size_t turn() {
    std::array<epoll_event, 64> events;  // NOLINT: filled below
    const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
    if (count < 0) throw std::system_error(errno, std::generic_category(), "epoll_wait");
    std::size_t answered = 0;
    for (int i = 0; i < count; ++i) {
      auto& pipeline = *static_cast<Pipeline<Taker>*>(events[static_cast<std::size_t>(i)].data.ptr);
      std::size_t answers = 0;
      do {
        const std::size_t bytes = pipeline.wire.read(room_);
        answers += pipeline.taker.take({room_.data(), bytes});
      } while (pipeline.wire.pending());
      refill(pipeline, answers);
      answered += answers;
    }
    return answered;
  }

  void refill(Pipeline<Taker>& pipeline, std::size_t places) {
    const std::size_t count = std::min(places, unsent_);
    if (count == 0) return;
    unsent_ -= count;
    pipeline.wire.write(std::string_view(requests_).substr(0, count * request_.size()));
  }

  std::size_t body_bytes() const {
    std::size_t sum = 0;
    for (const auto& pipeline : pipelines_) sum += pipeline->taker.body_bytes();
    return sum;
  }

  limit::Context context_;
  std::string request_;
  std::string requests_ = {};
  unsigned depth_;
  int epoll_;
  std::vector<char> room_;
  std::vector<std::unique_ptr<Pipeline<Taker>>> pipelines_ = {};
  std::size_t unsent_ = 0;
};

// One request at a time on a socket that blocks.
class Blocking final : public Client {
 public:
  explicit Blocking(const Arguments& arguments)
      : context_(limit::make_context(arguments)),
        request_(limit::render(arguments.target)),
        wire_(arguments.target, context_.get()),
        room_(room_bytes) {}

  std::string version() const override { return "blocking socket"; }

  Tally run(std::size_t requests) override {
    const std::size_t before = scanner_.body_bytes();
    Tally tally = one_by_one(requests, [&](Tally& so_far) {
      wire_.write(request_);
      while (scanner_.take({room_.data(), wire_.read(room_)}) == 0) {
      }
      ++so_far.answered;
    });
    tally.body_bytes = scanner_.body_bytes() - before;
    return tally;
  }

 private:
  limit::Context context_;
  std::string request_;
  limit::Wire wire_;
  limit::Scanner scanner_;
  std::vector<char> room_;
};

int run(const Arguments& arguments) {
  if (arguments.serial) {
    Blocking client(arguments);
    return measure({"limit", "blocking socket"}, arguments, client);
  }
  if (arguments.variant == "answers kept") {
    Limit<limit::Keeper> client(arguments);
    return measure({"limit", "answers kept"}, arguments, client);
  }
  if (!arguments.variant.empty()) throw std::invalid_argument("--variant is \"answers kept\"");
  Limit<limit::Scanner> client(arguments);
  return measure({"limit", ""}, arguments, client);
}

}  // namespace
}  // namespace headrace::bench

int main(int count, char** values) {
  return headrace::bench::client_main(count, values, "limit", headrace::bench::run);
}
