#include "engine/io/loop.hpp"

#include <cassert>
#include <cstdint>

#include "engine/io/fork_guard.hpp"
#include "engine/io/loop_impl.hpp"
#include "engine/io/sigpipe.hpp"

namespace headrace::io {
namespace {

// As large as a socket's receive buffer gets on a fast path; one for all connections.
constexpr std::size_t buffer_bytes = std::size_t{256} * 1024;

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

Loop::Loop(const Options& options, Host& host) : impl_(std::make_unique<Impl>(options, host)) {}
Loop::~Loop() = default;
Result<void> Loop::open() { return impl_->open(); }
void Loop::run() { impl_->run(); }
void Loop::wake() { impl_->wake(); }
const core::Core& Loop::core() const { return impl_->core(); }

Loop::Impl::Impl(const Options& options, Host& host)
    : options_(options), host_(host), core_(options, random_seed()) {}

Loop::Impl::~Impl() {
  if (!loop_made_) return;
  close_handles();
  uv_run(&loop_, UV_RUN_DEFAULT);  // for the close callbacks: there is no other way to them
  ForkGuard guard;
  guard.remove(uv_backend_fd(&loop_));
  [[maybe_unused]] const int left = uv_loop_close(&loop_);
  assert(left == 0);
}

Result<void> Loop::Impl::open() {
  if (!options_.tls.ca_file.empty())
    if (const auto context = tls_context(); !context) return std::unexpected(context.error());
  if (const int code = make_loop(); code != 0)
    return std::unexpected(refused("an event loop", code));
  const auto woken = [](uv_async_t* handle) { static_cast<Impl*>(handle->data)->on_wake(); };
  if (const int code = uv_async_init(&loop_, &async_, woken); code != 0)
    return std::unexpected(refused("the event loop's wake-up descriptor", code));
  uv_timer_init(&loop_, &timer_);
  uv_idle_init(&loop_, &idle_);
  uv_prepare_init(&loop_, &prepare_);
  uv_check_init(&loop_, &check_);
  async_.data = timer_.data = idle_.data = prepare_.data = check_.data = this;
  handles_open_ = true;
  uv_prepare_start(&prepare_,
                   [](uv_prepare_t* handle) { static_cast<Impl*>(handle->data)->on_prepare(); });
  uv_check_start(&check_, [](uv_check_t* handle) { static_cast<Impl*>(handle->data)->on_check(); });

  received_ = std::make_unique_for_overwrite<char[]>(buffer_bytes);
  resolver_.emplace(&loop_);
  surroundings_.loop = &loop_;
  surroundings_.resolver = &*resolver_;
  surroundings_.events = this;
  surroundings_.received = {received_.get(), buffer_bytes};
  return {};
}

int Loop::Impl::make_loop() {
  ForkGuard guard;
  const int code = uv_loop_init(&loop_);
  loop_made_ = code == 0;
  if (loop_made_) guard.add(uv_backend_fd(&loop_));
  return code;
}

void Loop::Impl::run() {
  const SigpipeBlocked blocked;
  uv_run(&loop_, UV_RUN_DEFAULT);
}

void Loop::Impl::close_handles() {
  failing_.clear();
  connections_.clear();
  ended_.clear();
  resolver_.reset();
  if (!std::exchange(handles_open_, false)) return;
  for (uv_handle_t* handle :
       {base(async_), base(timer_), base(idle_), base(prepare_), base(check_)})
    uv_close(handle, nullptr);
}

// libuv keeps a flag of its own for this: while a wake-up is under way another costs 3 ns. It falls
// before on_wake, so what another thread leaves during that is told by a new one.
void Loop::Impl::wake() { uv_async_send(&async_); }

void Loop::Impl::on_wake() {
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
}

void Loop::Impl::on_check() {
  end_silent_ones();
  turn();
}

Instant Loop::Impl::now() {
  if (!now_) now_ = Instant(std::chrono::nanoseconds(uv_hrtime()));
  return *now_;
}

}  // namespace headrace::io
