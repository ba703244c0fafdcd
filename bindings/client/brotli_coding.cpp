#if defined(HEADRACE_HAS_BROTLI)

#include <brotli/decode.h>

#include <cstdint>
#include <new>

#include "bindings/client/coding.hpp"

namespace headrace::client {
namespace {

struct Destroy {
  void operator()(BrotliDecoderState* state) const noexcept { BrotliDecoderDestroyInstance(state); }
};

// RFC 7932, with its window of at most 16 MiB.
class Brotli final : public Coding {
 public:
  Brotli() : state_(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)) {
    if (!state_) throw std::bad_alloc{};
  }

  std::expected<std::size_t, std::string_view> decode(std::string_view& input,
                                                      std::span<char> output) override {
    if (ended()) {
      if (input.empty()) return 0;
      return std::unexpected(trailing_bytes);
    }
    std::size_t given = input.size();
    const auto* from = reinterpret_cast<const std::uint8_t*>(input.data());
    std::size_t room = output.size();
    auto* to = reinterpret_cast<std::uint8_t*>(output.data());
    const auto result =
        BrotliDecoderDecompressStream(state_.get(), &given, &from, &room, &to, nullptr);
    input.remove_prefix(input.size() - given);
    if (result == BROTLI_DECODER_RESULT_ERROR)
      return std::unexpected(BrotliDecoderErrorString(BrotliDecoderGetErrorCode(state_.get())));
    return output.size() - room;
  }

  bool ended() const noexcept override { return BrotliDecoderIsFinished(state_.get()) != 0; }

 private:
  std::unique_ptr<BrotliDecoderState, Destroy> state_;
};

}  // namespace

std::unique_ptr<Coding> make_brotli() { return std::make_unique<Brotli>(); }

}  // namespace headrace::client

#endif
