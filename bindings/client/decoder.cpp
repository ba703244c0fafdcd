#include "headrace/client/decoder.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "bindings/client/codings.hpp"

namespace headrace {
namespace {

constexpr std::size_t piece_bytes = std::size_t{64} << 10U;

std::unexpected<Error> failure(ErrorCode code, std::string detail) {
  return std::unexpected(Error{.code = code,
                               .phase = Phase::body,
                               .progress = Progress::responding,
                               .detail = std::move(detail)});
}

}  // namespace

// The codings, the outermost first: each takes from the one before it, that one from what was fed.
class Decoder::Chain {
 public:
  Chain(std::vector<client::NamedCoding> codings, DecodeLimits limits) : limits_(limits) {
    for (client::NamedCoding& named : codings) stages_.emplace_back(std::move(named));
  }

  bool decodes() const noexcept { return !stages_.empty(); }

  void feed(std::string_view piece) noexcept {
    fed_bytes_ += piece.size();
    fed_ = piece;
  }

  Result<std::string_view> take() {
    if (!decodes()) return std::exchange(fed_, {});
    if (failed_) return std::unexpected(*failed_);
    auto piece = pull(stages_.size());
    if (!piece) failed_ = piece.error();
    return piece;
  }

  Result<void> finish() {
    if (failed_) return std::unexpected(*failed_);
    if (fed_bytes_ == 0) return {};
    for (const Stage& stage : stages_)
      if (!stage.named.coding->ended()) return fail(stage, "it ends too early");
    return {};
  }

 private:
  struct Stage {
    explicit Stage(client::NamedCoding coding)
        : named(std::move(coding)), output(std::make_unique<std::array<char, piece_bytes>>()) {}
    client::NamedCoding named;
    std::unique_ptr<std::array<char, piece_bytes>> output;
    std::size_t decoded_bytes = 0;
    std::string_view input = {};  // what the stage before gave and this one has not used
  };

  // The next output of the first `count` stages.
  Result<std::string_view> pull(std::size_t count) {
    if (count == 0) return std::exchange(fed_, {});
    Stage& stage = stages_[count - 1];
    for (;;) {
      const std::size_t waiting = stage.input.size();
      const auto decoded = stage.named.coding->decode(stage.input, room(stage));
      if (!decoded) return fail(stage, decoded.error());
      stage.decoded_bytes += *decoded;
      if (auto within = check_limits(stage); !within)
        return std::unexpected(std::move(within.error()));
      if (*decoded > 0) return std::string_view{stage.output->data(), *decoded};
      if (!stage.input.empty()) {
        if (stage.input.size() == waiting) return fail(stage, "it is damaged");
        continue;
      }
      auto more = pull(count - 1);
      if (!more || more->empty()) return more;
      stage.input = *more;
    }
  }

  // One byte over the limit is decoded at most, to see that it is.
  std::span<char> room(const Stage& stage) const noexcept {
    const std::size_t left = limits_.bytes_max - stage.decoded_bytes;
    return std::span(*stage.output).first(std::min(piece_bytes - 1, left) + 1);
  }

  Result<void> check_limits(const Stage& stage) const {
    if (stage.decoded_bytes > limits_.bytes_max)
      return too_large(stage, "the limit of " + std::to_string(limits_.bytes_max) + " bytes");
    const std::size_t used = fed_bytes_ - fed_.size() - stages_.front().input.size();
    if (limits_.ratio_max > 0 && stage.decoded_bytes > limits_.ratio_free_bytes &&
        stage.decoded_bytes / limits_.ratio_max >= std::max<std::size_t>(used, 1))
      return too_large(stage, std::to_string(limits_.ratio_max) + " times what was received");
    return {};
  }

  static std::unexpected<Error> too_large(const Stage& stage, std::string limit) {
    return failure(ErrorCode::body_too_large, "the body's " + std::string(stage.named.name) +
                                                  " coding grows over " + std::move(limit) +
                                                  " when it is decoded");
  }

  static std::unexpected<Error> fail(const Stage& stage, std::string_view why) {
    return failure(ErrorCode::protocol_error, "the body is not the " +
                                                  std::string(stage.named.name) +
                                                  " it is said to be: " + std::string(why));
  }

  const DecodeLimits limits_;
  std::vector<Stage> stages_;
  std::string_view fed_;
  std::size_t fed_bytes_ = 0;
  std::optional<Error> failed_;
};

Decoder::Decoder(std::unique_ptr<Chain> chain) noexcept : chain_(std::move(chain)) {}
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;
Decoder::~Decoder() = default;

Result<Decoder> Decoder::create(std::string_view content_encoding, DecodeLimits limits) {
  auto codings = client::codings_of(content_encoding);
  if (!codings) return failure(ErrorCode::protocol_error, std::move(codings.error()));
  return Decoder(std::make_unique<Chain>(*std::move(codings), limits));
}

bool Decoder::decodes() const noexcept { return chain_->decodes(); }
void Decoder::feed(std::string_view piece) noexcept { chain_->feed(piece); }
Result<std::string_view> Decoder::take() { return chain_->take(); }
Result<void> Decoder::finish() { return chain_->finish(); }

namespace client {

// Doubles the room as it goes, with what a SIMD parser may read past the end.
Result<std::string> decode_all(Decoder& decoder, std::string_view body) {
  constexpr std::size_t spare_bytes = 64;
  std::string decoded;
  decoded.reserve(2 * body.size() + spare_bytes);
  decoder.feed(body);
  for (;;) {
    const auto piece = decoder.take();
    if (!piece) return std::unexpected(piece.error());
    if (piece->empty()) break;
    const std::size_t needed = decoded.size() + piece->size() + spare_bytes;
    if (decoded.capacity() < needed) decoded.reserve(std::max(needed, 2 * decoded.capacity()));
    decoded += *piece;
  }
  if (auto whole = decoder.finish(); !whole) return std::unexpected(std::move(whole.error()));
  return decoded;
}

}  // namespace client

Result<std::string> decode(std::string_view content_encoding, std::string_view body,
                           DecodeLimits limits) {
  auto decoder = Decoder::create(content_encoding, limits);
  if (!decoder) return std::unexpected(std::move(decoder.error()));
  return client::decode_all(*decoder, body);
}

}  // namespace headrace
