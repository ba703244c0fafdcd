#if defined(HEADRACE_HAS_ZSTD)

#include <zstd.h>

#include <new>

#include "bindings/client/coding.hpp"

namespace headrace::client {
namespace {

struct Free {
  void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
};

// RFC 8878: frames, one after the other.
class Zstd final : public Coding {
 public:
  Zstd() : context_(ZSTD_createDCtx()) {
    constexpr int window_log_max = 23;  // 8 MiB: RFC 9659 §3
    if (!context_) throw std::bad_alloc{};
    ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, window_log_max);
  }

  std::expected<std::size_t, std::string_view> decode(std::string_view& input,
                                                      std::span<char> output) override {
    if (ended_ && input.empty()) return 0;  // asked for more, it would begin a frame
    ZSTD_inBuffer in{.src = input.data(), .size = input.size(), .pos = 0};
    ZSTD_outBuffer out{.dst = output.data(), .size = output.size(), .pos = 0};
    const std::size_t result = ZSTD_decompressStream(context_.get(), &out, &in);
    input.remove_prefix(in.pos);
    if (ZSTD_isError(result) != 0) return std::unexpected(ZSTD_getErrorName(result));
    ended_ = result == 0;
    return out.pos;
  }

  bool ended() const noexcept override { return ended_; }

 private:
  std::unique_ptr<ZSTD_DCtx, Free> context_;
  bool ended_ = false;  // with a frame, and no other has begun
};

}  // namespace

std::unique_ptr<Coding> make_zstd() { return std::make_unique<Zstd>(); }

}  // namespace headrace::client

#endif
