#include "engine/io/loop.hpp"

#include <poll.h>

#include <algorithm>
#include <cassert>
#include <cstdint>

#include "engine/base/limits.hpp"
#include "engine/io/fork_guard.hpp"
#include "engine/io/loop_impl.hpp"
#include "engine/io/sigpipe.hpp"

namespace headrace::io {
namespace {

// One for all connections, and so small that what was read is still in a processor's cache when it
// is copied on: 256 KiB took a fifth more of it for answers of 1 MiB.
constexpr std::size_t buffer_bytes = std::size_t{64} * 1024;

// Some of TLS's records, of 16 KiB each.
constexpr std::size_t unveiled_bytes = std::size_t{64} * 1024;

// The jitter of backoff is no secret: where the system gives no randomness the clock will do.
std::uint64_t random_seed() {
  std::uint64_t seed = 0;
  if (uv_random(nullptr, nullptr, &seed, sizeof seed, 0, nullptr) != 0) seed = uv_hrtime();
  return seed;
}

Error refused(const char* what, int code) {
  return {.code = ErrorCode::internal,
          .system_code = code,
          .detail = std::string("cannot make ") + what + ": " + system_text(code)};
}

template <class Handle>
uv_handle_t* base(Handle& handle) {
  return reinterpret_cast<uv_handle_t*>(&handle);
}

}  // namespace

Loop::Loop(const Options& options, Host& host, unsigned number)
    : impl_(std::make_unique<Impl>(options, host, number)) {}
Loop::~Loop() = default;
Result<void> Loop::open() { return impl_->open(); }
void Loop::run() { impl_->run(); }
void Loop::stop() { impl_->stop(); }
bool Loop::over() const { return impl_->over(); }
bool Loop::look(bool may_stop) { return impl_->look(may_stop); }
void Loop::stop_after(std::optional<Duration> limit) { impl_->stop_after(limit); }
void Loop::wake() { impl_->wake(); }
const core::Core& Loop::core() const { return impl_->core(); }

Loop::Impl::Impl(const Options& options, Host& host, unsigned number)
    : options_(options), host_(host), core_(options, random_seed(), number), tls_(options_) {}

Loop::Impl::~Impl() {
  if (!loop_made_) return;
  close_handles();
  // For the close callbacks: there is no other way to them. A stop of before a breakdown ends the
  // first run at once.
  while (uv_run(&loop_, UV_RUN_DEFAULT) != 0) continue;
  ForkGuard guard;
  guard.remove(uv_backend_fd(&loop_));
  [[maybe_unused]] const int left = uv_loop_close(&loop_);
  assert(left == 0);
}

Result<void> Loop::Impl::open() {
  Result<http::Proxies> proxies = http::Proxies::read(options_);
  if (!proxies) return std::unexpected(std::move(proxies.error()));
  proxies_ = *std::move(proxies);
  if (Result<void> opened = tls_.open(proxies_); !opened) return opened;
  Result<KnownAddresses> known = KnownAddresses::read(options_);
  if (!known) return std::unexpected(std::move(known.error()));
  if (const int code = make_loop(); code != 0)
    return std::unexpected(refused("an event loop", code));
  const auto woken = [](uv_async_t* handle) { call<&Impl::on_wake>(handle); };
  if (const int code = uv_async_init(&loop_, &async_, woken); code != 0)
    return std::unexpected(refused("the event loop's wake-up descriptor", code));
  uv_timer_init(&loop_, &timer_);
  uv_timer_init(&loop_, &limit_);
  uv_idle_init(&loop_, &idle_);
  uv_prepare_init(&loop_, &prepare_);
  uv_check_init(&loop_, &check_);
  async_.data = timer_.data = limit_.data = idle_.data = prepare_.data = check_.data = this;
  handles_open_ = true;
  uv_prepare_start(&prepare_, [](uv_prepare_t* handle) { call<&Impl::on_prepare>(handle); });
  uv_check_start(&check_, [](uv_check_t* handle) { call<&Impl::on_check>(handle); });

  received_ = std::make_unique_for_overwrite<char[]>(buffer_bytes);
  addresses_.emplace(Resolver(&loop_), std::move(*known));
  surroundings_.loop = &loop_;
  surroundings_.addresses = &*addresses_;
  surroundings_.proxies = &proxies_;
  surroundings_.tls = &tls_;
  proxies_.for_each([this](const http::ProxyServer& proxy, const std::string&) {
    if (!proxy.at.tls || unveiled_) return;
    unveiled_ = std::make_unique_for_overwrite<char[]>(unveiled_bytes);
    surroundings_.unveiled = {unveiled_.get(), unveiled_bytes};
  });
  surroundings_.events = this;
  surroundings_.received = {received_.get(), buffer_bytes};
  return {};
}

int Loop::Impl::make_loop() {
  ForkGuard guard;
  const int code = uv_loop_init(&loop_);
  loop_made_ = code == 0;
  if (loop_made_) guard.add(uv_backend_fd(&loop_));
  loop_.data = &notes_;
  return code;
}

// A socket that is going to wait for room stops libuv, not us.
void Loop::Impl::run() {
  while (!stopping_ && !over()) run_libuv(UV_RUN_DEFAULT);
  stopping_ = false;
}

// Blocking a signal takes three calls of the system, so it is done only while it can be raised.
void Loop::Impl::run_libuv(uv_run_mode mode) {
  std::optional<SigpipeBlocked> blocked;
  if (notes_.waiting_for_room > 0) blocked.emplace();
  notes_.running = true;
  uv_run(&loop_, mode);
  notes_.running = false;
  if (notes_.thrown) std::rethrow_exception(notes_.thrown);
}

void Loop::Impl::stop() {
  stopping_ = true;
  stop_running(&loop_);
}

bool Loop::Impl::over() const { return !handles_open_ && uv_loop_alive(&loop_) == 0; }

// libuv's clock stood still while nobody ran the loop, and timers are set by it. What servers said
// since the last poll comes before the mail: a connection on which one spoke unasked, or which it
// closed, must not be written to (S3).
bool Loop::Impl::look(bool may_stop) {
  if (!handles_open_) return true;
  now_.reset();
  if (now() - polled_at_ > limits::unpolled_max && something_came()) {
    hearing_ = true;  // and the mail is left for after it
    run_libuv(UV_RUN_NOWAIT);
    hearing_ = false;
    const bool stopped = std::exchange(stopping_, false);  // for what whoever looks does next
    now_.reset();
    if (!handles_open_) return true;
    if (stopped && may_stop) return false;
  }
  uv_update_time(&loop_);
  on_wake();
  turn();
  now_.reset();
  return true;
}

// A whole turn of libuv's for nothing would cost ten times as much as to ask.
bool Loop::Impl::something_came() const {
  pollfd polled{.fd = uv_backend_fd(&loop_), .events = POLLIN, .revents = 0};
  return ::poll(&polled, 1, 0) > 0;
}

void Loop::Impl::stop_after(std::optional<Duration> limit) {
  if (!handles_open_) return;
  if (!limit) {
    uv_timer_stop(&limit_);
    return;
  }
  using std::chrono::milliseconds;
  const auto wait = std::chrono::ceil<milliseconds>(std::max(*limit, Duration::zero())).count();
  uv_update_time(&loop_);
  uv_timer_start(
      &limit_, [](uv_timer_t* handle) { static_cast<Impl*>(handle->data)->stop(); },
      static_cast<std::uint64_t>(wait), 0);
}

void Loop::Impl::close_handles() {
  failing_.clear();
  connections_.clear();
  ended_.clear();
  addresses_.reset();
  if (!std::exchange(handles_open_, false)) return;
  for (uv_handle_t* handle :
       {base(async_), base(timer_), base(limit_), base(idle_), base(prepare_), base(check_)})
    uv_close(handle, nullptr);
}

// libuv keeps a flag of its own for this: while a wake-up is under way another costs 3 ns. It falls
// before on_wake, so what another thread leaves during that is told by a new one.
void Loop::Impl::wake() { uv_async_send(&async_); }

void Loop::Impl::on_wake() {
  if (hearing_) return;
  fed_ = true;
  host_.on_wake(core_, now());
}

void Loop::Impl::on_timer() {
  armed_.reset();
  now_.reset();
  fed_ = true;
  core_.on_tick(now());
}

void Loop::Impl::on_prepare() {
  turn();
  now_.reset();
  if (!hearing_) rest_drained_ones();
}

void Loop::Impl::on_check() {
  polled_at_ = now();
  end_silent_ones();
  turn();
}

Instant Loop::Impl::now() {
  if (!now_) now_ = Instant(std::chrono::nanoseconds(uv_hrtime()));
  return *now_;
}

}  // namespace headrace::io
