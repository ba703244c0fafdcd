#include "bench/origin/loop.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "bench/origin/setup.hpp"

namespace headrace::bench {
namespace {

constexpr std::size_t room_bytes = std::size_t{256} << 10U;

}  // namespace

Loop::Loop(const OriginSettings& settings, SSL_CTX* context)
    : settings_(settings),
      context_(context),
      catalogue_(settings.machines, settings.document_bytes),
      listener_(listen_on_loopback(port_)),
      signals_(watch_signals()),
      epoll_(checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      room_(room_bytes) {
  watch(listener_, EPOLLIN, 0);
  watch(signals_, EPOLLIN, 0);
  // A regular file or /dev/null can't be watched and never ends.
  epoll_event event{.events = EPOLLIN, .data = {.u64 = STDIN_FILENO}};
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, STDIN_FILENO, &event) != 0 && errno != EPERM)
    checked(-1, "standard input");
}

Loop::~Loop() {
  ::close(epoll_);
  ::close(signals_);
  ::close(listener_);
}

void Loop::watch(int descriptor, std::uint32_t events, std::uint32_t serial) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = (std::uint64_t{serial} << 32U) | static_cast<std::uint32_t>(descriptor);
  if (::epoll_ctl(epoll_, EPOLL_CTL_MOD, descriptor, &event) == 0) return;
  checked(::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event), "epoll_ctl");
}

void Loop::run() {
  std::array<epoll_event, 256> events;  // NOLINT: filled below
  while (!ended_) {
    const timespec* timeout = nullptr;
    timespec left{};
    if (!timers_.empty()) {
      left = until(timers_.top().due, Clock::now());
      timeout = &left;
    }
    const int count =
        ::epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), timeout, nullptr);
    // One reading of the clock for all that arrived together: it becomes due together.
    const Clock::time_point now = Clock::now();
    for (int i = 0; i < count; ++i)
      on_event(events[static_cast<std::size_t>(i)].data.u64,
               events[static_cast<std::size_t>(i)].events, now);
    on_timers(now);
    release_if_enough(now);
  }
}

void Loop::on_event(std::uint64_t data, std::uint32_t events, Clock::time_point now) {
  const Name name{static_cast<std::uint32_t>(data), static_cast<std::uint32_t>(data >> 32U)};
  const int descriptor = static_cast<int>(name.descriptor);
  if (descriptor == listener_) return accept_all();
  if (descriptor == signals_ || descriptor == STDIN_FILENO) {
    ended_ = true;
    return;
  }
  Slot* slot = find(name);
  if (slot == nullptr) return;
  held_ -= slot->connection->held();
  if ((events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0) slot->connection->receive(room_, now);
  if (!slot->connection->done()) held_ += slot->connection->held();
  serve(name.descriptor, now);
}

void Loop::on_timers(Clock::time_point now) {
  while (!timers_.empty() && timers_.top().due <= now) {
    const Name name = timers_.top().name;
    timers_.pop();
    Slot* slot = find(name);
    if (slot == nullptr) continue;
    slot->timer.reset();
    serve(name.descriptor, now);
  }
}

Loop::Slot* Loop::find(Name name) {
  if (name.descriptor >= slots_.size()) return nullptr;
  Slot& slot = slots_[name.descriptor];
  return slot.connection && slot.serial == name.serial ? &slot : nullptr;
}

void Loop::serve(std::uint32_t descriptor, Clock::time_point now) {
  Slot& slot = slots_[descriptor];
  slot.connection->send_due(now);
  if (slot.connection->done()) {
    slot.connection.reset();
    return;
  }
  if (slot.connection->wants_output() != slot.watched_for_output) {
    slot.watched_for_output = !slot.watched_for_output;
    const std::uint32_t output = slot.watched_for_output ? std::uint32_t{EPOLLOUT} : 0;
    watch(static_cast<int>(descriptor), EPOLLIN | output, slot.serial);
  }
  const auto due = slot.connection->next_due();
  if (!due || slot.timer) return;
  slot.timer = due;
  timers_.push({*due, {descriptor, slot.serial}});
}

void Loop::release_if_enough(Clock::time_point now) {
  if (held_ == 0 || held_ < settings_.together) return;
  held_ = 0;
  for (std::uint32_t i = 0; i < slots_.size(); ++i) {
    if (!slots_[i].connection || slots_[i].connection->held() == 0) continue;
    slots_[i].connection->release();
    serve(i, now);
  }
}

void Loop::accept_all() {
  while (true) {
    const int accepted = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (accepted < 0) return;
    const int yes = 1;
    ::setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    const auto descriptor = static_cast<std::size_t>(accepted);
    if (slots_.size() <= descriptor) slots_.resize(descriptor + 1);
    auto wire = context_ != nullptr ? make_tls_wire(accepted, context_) : make_plain_wire(accepted);
    slots_[descriptor] =
        Slot{.connection = std::make_unique<Connection>(std::move(wire), settings_, catalogue_),
             .serial = ++serials_};
    watch(accepted, EPOLLIN, serials_);
  }
}

}  // namespace headrace::bench
