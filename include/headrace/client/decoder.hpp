#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "headrace/error.hpp"
#include "headrace/export.hpp"

namespace headrace {

/// How far a body may grow when its content codings are taken off. All of it holds for each coding
/// of a chain by itself.
struct DecodeLimits {
  /// Decoded bytes.
  std::size_t bytes_max = std::size_t{256} << 20U;
  /// Decoded bytes for each byte received, once there are more than `ratio_free_bytes` (Apache's
  /// mod_deflate 200); 0: no limit.
  std::size_t ratio_max = 200;
  /// So much may come of however little.
  std::size_t ratio_free_bytes = std::size_t{1} << 20U;
};

/// What `Accept-Encoding` may offer: the codings that this build can take off, "gzip, deflate, br,
/// zstd" when it has all libraries.
HEADRACE_API std::string_view accept_encoding() noexcept;

/// Takes the content codings off a body (RFC 9110 §8.4) as it comes, piece by piece:
///
///     decoder.feed(piece);
///     for (auto some = decoder.take(); ...; some = decoder.take()) use(*some);  // till it is
///     empty
///     ...
///     decoder.finish();
///
/// It takes off gzip (x-gzip), deflate (in zlib's format, and the raw one that some servers send
/// under that name), br and zstd. Bodies with any other coding stay as they are, all of them.
///
/// A body that ends too early, is damaged or goes on after its end is `protocol_error`; so is a
/// chain of more than five codings. One that grows over a limit is `body_too_large`, found before
/// more than the limit has been decoded. After an error there is nothing but that error.
///
/// Memory: 64 KiB for each coding, and what its library needs: up to 16 MiB for br, 8 MiB for zstd
/// (the window that RFC 9659 allows), 48 KiB for the others. One thread's at a time.
class HEADRACE_API Decoder {
 public:
  /// For a body with this Content-Encoding, all its lines joined with ", ".
  static Result<Decoder> create(std::string_view content_encoding, DecodeLimits limits = {});

  Decoder(Decoder&&) noexcept;
  Decoder& operator=(Decoder&&) noexcept;
  ~Decoder();

  /// False when bodies pass as they are: there is no coding, or one that is not known here.
  bool decodes() const noexcept;

  /// The body's next bytes, which must stay where they are until take() has given nothing more.
  void feed(std::string_view piece) noexcept;

  /// The next decoded bytes, at most 64 KiB, valid until the next call; empty when there are none
  /// before the next feed() or finish().
  Result<std::string_view> take();

  /// Nothing more will come: whether the body is whole. One without any byte is, so that answers
  /// to HEAD need no care.
  Result<void> finish();

 private:
  class Chain;
  explicit Decoder(std::unique_ptr<Chain> chain) noexcept;
  std::unique_ptr<Chain> chain_;
};

/// All of it at once, for a body that is here. What it gives has room for 64 bytes more, as
/// `Response::body`.
HEADRACE_API Result<std::string> decode(std::string_view content_encoding, std::string_view body,
                                        DecodeLimits limits = {});

}  // namespace headrace
