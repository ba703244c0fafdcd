#include "tests/client/encode.hpp"

#include <zlib.h>

#include <stdexcept>

#if defined(HEADRACE_HAS_BROTLI)
#include <brotli/encode.h>
#endif
#if defined(HEADRACE_HAS_ZSTD)
#include <zstd.h>
#endif

namespace headrace::test {
namespace {

std::string deflate_with(int window_bits, std::string_view body) {
  z_stream stream{};
  if (deflateInit2(&stream, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("deflateInit2 failed");
  std::string out(deflateBound(&stream, body.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (result != Z_STREAM_END) throw std::runtime_error("deflate failed");
  return out;
}

#if defined(HEADRACE_HAS_BROTLI)
std::string brotli(std::string_view body) {
  std::size_t size = BrotliEncoderMaxCompressedSize(body.size()) + 64;
  std::string out(size, '\0');
  if (BrotliEncoderCompress(5, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_GENERIC, body.size(),
                            reinterpret_cast<const std::uint8_t*>(body.data()), &size,
                            reinterpret_cast<std::uint8_t*>(out.data())) == 0)
    throw std::runtime_error("BrotliEncoderCompress failed");
  out.resize(size);
  return out;
}
#endif

#if defined(HEADRACE_HAS_ZSTD)
std::string zstandard(std::string_view body) {
  std::string out(ZSTD_compressBound(body.size()), '\0');
  const std::size_t size = ZSTD_compress(out.data(), out.size(), body.data(), body.size(), 3);
  if (ZSTD_isError(size) != 0) throw std::runtime_error(ZSTD_getErrorName(size));
  out.resize(size);
  return out;
}
#endif

}  // namespace

std::string encode(std::string_view coding, std::string_view body) {
  if (coding == "gzip") return deflate_with(15 + 16, body);
  if (coding == "deflate") return deflate_with(15, body);
  if (coding == "raw deflate") return deflate_with(-15, body);
#if defined(HEADRACE_HAS_BROTLI)
  if (coding == "br") return brotli(body);
#endif
#if defined(HEADRACE_HAS_ZSTD)
  if (coding == "zstd") return zstandard(body);
#endif
  throw std::runtime_error("the tests cannot encode " + std::string(coding));
}

std::vector<std::string> codings() {
  return {
      "gzip", "deflate", "raw deflate",
#if defined(HEADRACE_HAS_BROTLI)
      "br",
#endif
#if defined(HEADRACE_HAS_ZSTD)
      "zstd",
#endif
  };
}

std::string_view coding_name(std::string_view coding) {
  return coding == "raw deflate" ? "deflate" : coding;
}

}  // namespace headrace::test
